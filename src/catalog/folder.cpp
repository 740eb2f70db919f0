// SPDX-License-Identifier: Apache-2.0
// Check files on disk: a folder tree becomes catalogue entries, or the packed text that is built into the program.
#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/json.h"
#include "base/yaml.h"
#include "catalog/read.h"

namespace posture {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(folder, failure), end; entry != end && !failure;
       entry.increment(failure)) {
    const fs::path& path = entry->path();
    if (entry->is_regular_file() && (path.extension() == ".yaml" || path.extension() == ".yml")) files.push_back(path);
  }
  if (failure) throw Error(ErrorKind::input, "cannot read folder " + folder.string() + ": " + failure.message());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_framework(const fs::path& file) { return file.parent_path().filename() == "frameworks"; }

std::shared_ptr<const YamlDocument> read_document(const fs::path& file) {
  std::vector<YamlDocument> documents = parse_yaml(read_file(file.string()), file.string());
  if (documents.size() != 1) throw Error(ErrorKind::input, file.string() + ": expected exactly one YAML document");
  return std::make_shared<const YamlDocument>(std::move(documents.front()));
}

Place place_in(const YamlDocument& document, const std::string& file) {
  return [&document, file](Value value) { return file + ":" + std::to_string(document.mark(value).line); };
}

void pack_file(const fs::path& file, std::string& checks, std::string& frameworks) {
  const std::shared_ptr<const YamlDocument> document = read_document(file);
  const Place place = place_in(*document, file.string());
  const std::string id = file.stem().string();
  std::string& out = is_framework(file) ? frameworks : checks;
  if (is_framework(file)) {
    read_framework(document->root(), id, place);
  } else {
    read_check(document->root(), id, place);
  }
  if (!out.empty()) out.push_back(',');
  write_json_string(id, out);
  out.push_back(':');
  write_json(document->root(), out);
}

}  // namespace

std::string pack_catalog(const std::string& folder) {
  std::string checks;
  std::string frameworks;
  for (const fs::path& file : yaml_files(folder)) pack_file(file, checks, frameworks);
  std::string packed = "{\"checks\":{" + checks + "},\"frameworks\":{" + frameworks + "},\"controls\":";
  write_json_string(read_file(folder + "/controls.tsv"), packed);
  return packed + "}";
}

Catalog unpack_catalog(std::string_view packed) {
  auto document = std::make_shared<const JsonDocument>(packed, "the packed catalogue");
  const Value root = document->root();
  Catalog catalog;
  for (const Member& member : root["checks"].members()) {
    const std::string id(member.key);
    catalog.checks.push_back(read_check(Value(&member.node), id, [&id](Value) { return id + " (built in)"; }));
  }
  for (const Member& member : root["frameworks"].members()) {
    const std::string id(member.key);
    catalog.frameworks.push_back(read_framework(Value(&member.node), id, [&id](Value) { return id + " (built in)"; }));
  }
  catalog.controls = read_controls(root["controls"].text(), "controls.tsv");
  catalog.memory.push_back(document);
  finish_catalog(catalog);
  return catalog;
}

void add_checks(Catalog& catalog, const std::string& folder) {
  for (const fs::path& file : yaml_files(folder)) {
    const std::shared_ptr<const YamlDocument> document = read_document(file);
    const std::string id = file.stem().string();
    Check check = read_check(document->root(), id, place_in(*document, file.string()));
    std::erase_if(catalog.checks, [&](const Check& known) { return known.id == id; });
    catalog.checks.push_back(std::move(check));
    catalog.memory.push_back(document);
  }
  finish_catalog(catalog);
}

}  // namespace posture

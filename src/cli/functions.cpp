// SPDX-License-Identifier: Apache-2.0
// kube-posture checks functions: what expressions may call, and since which Kubernetes a new admission policy may, too.
#include <algorithm>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "posture/cel_versions.h"

namespace posture {

namespace {

std::string since(const cel::FunctionVersion& function) {
  return "1." + std::to_string(std::max(function.minor, cel::kOldestMinor));
}

void write_text(const std::vector<cel::FunctionVersion>& functions, const World& world) {
  std::size_t width = 0;
  for (const cel::FunctionVersion& function : functions) width = std::max(width, function.name.size());
  world.out << pad_right("FUNCTION", width) << "  SINCE  SIGNATURE\n";
  for (const cel::FunctionVersion& function : functions)
    world.out << pad_right(function.name, width) << "  " << pad_right(since(function), 5) << "  " << function.signature
              << "\n";
}

void write_json_list(const std::vector<cel::FunctionVersion>& functions, const World& world) {
  std::string out = "[";
  for (const cel::FunctionVersion& function : functions) {
    out += out.size() == 1 ? "\n{\"name\":" : ",\n{\"name\":";
    write_json_string(function.name, out);
    out += ",\"since\":";
    write_json_string(since(function), out);
    out += ",\"signature\":";
    write_json_string(function.signature, out);
    out.push_back('}');
  }
  world.out << out << "\n]\n";
}

}  // namespace

Action declare_functions(CLI::App& app, const World& world) {
  auto format = std::make_shared<std::string>("text");
  app.add_option("-o,--output", *format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();
  app.footer(
      "SINCE: the first Kubernetes that takes the function in a new admission policy (never below 1.30, which has "
      "policies first).\n"
      "In a signature `string.(int) -> string` is called as 'text'.f(1); a capital letter stands for any type.");
  return [format, &world] {
    const std::vector<cel::FunctionVersion> functions = cel::function_versions();
    *format == "json" ? write_json_list(functions, world) : write_text(functions, world);
    return 0;
  };
}

}  // namespace posture

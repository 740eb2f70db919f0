// SPDX-License-Identifier: Apache-2.0
#include "report/json_stream.h"

#include <algorithm>
#include <charconv>
#include <ostream>

#include "base/json.h"
#include "base/parallel.h"
#include "base/text.h"
#include "posture/error.h"

namespace posture {
namespace {

constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr std::size_t kMostElements = 48;      // that one thread writes before it looks for more
constexpr std::size_t kPiecesPerThread = 8;  // at least, where there are elements enough

template <typename Number>
void append_number(Number number, std::string& out) {
  char digits[32];
  const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, failure == std::errc() ? end : digits);
}

}  // namespace

void JsonStream::text(std::string_view value) {
  begin_value();
  if (is_printable_ascii(value)) return write_json_string(value, buffer_);
  std::string literal;
  write_json_string(value, literal);
  append_escaped(literal, buffer_);  // C0 is gone; what is left are the wide ones, for which both have the same escape
}

void JsonStream::text_or_null(std::string_view value) {
  if (value.empty())
    null();
  else
    text(value);
}

void JsonStream::number(std::uint64_t value) {
  begin_value();
  append_number(value, buffer_);
}

void JsonStream::number(double value) {
  begin_value();
  append_number(value, buffer_);
}

void JsonStream::boolean(bool value) { raw(value ? "true" : "false"); }

void JsonStream::null() { raw("null"); }

void JsonStream::raw(std::string_view json) {
  begin_value();
  append_escaped(json.empty() ? "null" : json, buffer_);
}

JsonStream& JsonStream::key(std::string_view name) {
  begin_value();
  buffer_.push_back('"');
  buffer_.append(name).append("\": ");
  after_key_ = true;
  return *this;
}

void JsonStream::open(char bracket, bool row) {
  begin_value();
  buffer_ += bracket;
  const bool within_row = !levels_.empty() && levels_.back().row;
  levels_.push_back({bracket == '{' ? '}' : ']', row || within_row, true});
}

void JsonStream::close() {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.row && !level.empty) new_line();
  buffer_ += level.closing;
  if (buffer_.size() >= kFlushBytes) flush();
}

void JsonStream::list(std::size_t count, const std::function<void(std::size_t, JsonStream&)>& element) {
  open_list();
  const std::size_t size = std::clamp<std::size_t>(count / (kPiecesPerThread * threads_), 1, kMostElements);
  const JsonStream empty = piece();
  const auto write = [&](std::size_t index) {
    JsonStream elements = empty;
    const std::size_t end = std::min(count, (index + 1) * size);
    for (std::size_t i = index * size; i < end; ++i) element(i, elements);
    return std::move(elements.buffer_);
  };
  make_in_order((count + size - 1) / size, threads_, write, [this](const std::string& elements) { append(elements); });
  close();
}

/// For elements of the open list, the first of which gets its comma and its line from append().
JsonStream JsonStream::piece() const {
  JsonStream piece;
  piece.levels_ = levels_;
  piece.levels_.back().empty = false;
  piece.after_key_ = true;
  return piece;
}

void JsonStream::append(const std::string& elements) {
  begin_value();
  buffer_ += elements;
  if (buffer_.size() >= kFlushBytes) flush();
}

void JsonStream::finish() {
  buffer_ += '\n';
  flush();
}

void JsonStream::begin_value() {
  if (after_key_ || levels_.empty()) {
    after_key_ = false;
    return;
  }
  Level& level = levels_.back();
  if (!level.empty) buffer_ += level.row ? ", " : ",";
  if (!level.row) new_line();
  level.empty = false;
}

void JsonStream::new_line() {
  buffer_ += '\n';
  buffer_.append(2 * levels_.size(), ' ');
}

void JsonStream::flush() {
  if (out_ == nullptr) return;
  out_->write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (!*out_) throw Error(ErrorKind::output, "the report could not be written; is the disk full or the pipe closed?");
  buffer_.clear();
}

}  // namespace posture

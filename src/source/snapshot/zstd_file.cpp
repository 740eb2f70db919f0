// SPDX-License-Identifier: Apache-2.0
#include "source/snapshot/zstd_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "posture/error.h"

namespace posture {

namespace {

constexpr int kLevel = 9;  // recordings are written once and kept

struct FreeCompressor {
  void operator()(ZSTD_CStream* stream) const { ZSTD_freeCStream(stream); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

[[noreturn]] void fail_output(const std::string& path, const char* what) {
  throw Error(ErrorKind::output, "cannot write " + path + ": " + what);
}

}  // namespace

struct LineWriter::State {
  std::string path;
  std::string aside;
  int file = -1;
  std::unique_ptr<ZSTD_CStream, FreeCompressor> stream{ZSTD_createCStream()};
  std::vector<char> buffer = std::vector<char>(ZSTD_CStreamOutSize());

  void compress(std::string_view bytes, ZSTD_EndDirective end) {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer out = {buffer.data(), buffer.size(), 0};
      const std::size_t left = ZSTD_compressStream2(stream.get(), &out, &in, end);
      if (ZSTD_isError(left) != 0U) fail_output(path, ZSTD_getErrorName(left));
      put(out.pos);
      if (end == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
    }
  }

  void put(std::size_t size) {
    for (std::size_t done = 0; done < size;) {
      const ssize_t written = ::write(file, buffer.data() + done, size - done);
      if (written < 0 && errno != EINTR) fail_output(path, std::strerror(errno));
      if (written > 0) done += static_cast<std::size_t>(written);
    }
  }
};

LineWriter::LineWriter(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->aside = path + ".part-" + std::to_string(::getpid());
  state_->file = ::open(state_->aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (state_->file < 0) fail_output(path, std::strerror(errno));
  ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_checksumFlag, 1);
}

LineWriter::~LineWriter() {
  if (state_->file < 0) return;
  ::close(state_->file);
  ::unlink(state_->aside.c_str());
}

void LineWriter::write(std::string_view line) {
  state_->compress(line, ZSTD_e_continue);
  state_->compress("\n", ZSTD_e_continue);
}

void LineWriter::finish() {
  state_->compress({}, ZSTD_e_end);
  if (::close(state_->file) != 0) fail_output(state_->path, std::strerror(errno));
  state_->file = -1;
  if (::rename(state_->aside.c_str(), state_->path.c_str()) != 0) fail_output(state_->path, std::strerror(errno));
}

void read_lines(const ByteReader& bytes, const std::string& name, const std::function<bool(std::string_view)>& line) {
  const std::unique_ptr<ZSTD_DStream, FreeDecompressor> stream(ZSTD_createDStream());
  std::vector<char> in_buffer(ZSTD_DStreamInSize());
  std::vector<char> out_buffer(ZSTD_DStreamOutSize());
  std::string pending;
  std::size_t more = 1;
  while (const std::size_t size = bytes(in_buffer.data(), in_buffer.size())) {
    ZSTD_inBuffer in = {in_buffer.data(), size, 0};
    while (in.pos < in.size) {
      ZSTD_outBuffer out = {out_buffer.data(), out_buffer.size(), 0};
      more = ZSTD_decompressStream(stream.get(), &out, &in);
      if (ZSTD_isError(more) != 0U)
        throw Error(ErrorKind::input, name + " is not a snapshot or is damaged: " + ZSTD_getErrorName(more));
      std::string_view rest(out_buffer.data(), out.pos);
      for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        pending.append(rest.substr(0, end));
        if (!line(pending)) return;
        pending.clear();
        rest.remove_prefix(end + 1);
      }
      pending.append(rest);
      if (pending.size() > kMaxSnapshotLine) throw Error(ErrorKind::input, name + " holds a line over the size limit");
    }
  }
  if (more != 0 || !pending.empty()) throw Error(ErrorKind::input, name + " ends too early; record it again");
}

}  // namespace posture

// SPDX-License-Identifier: Apache-2.0
#include "cli/demo.h"

// The assembler takes the file as it is: no generated source, no copy at start.
asm(R"(
    .section .rodata
    .balign 16
posture_demo_begin:
    .incbin ")" POSTURE_DEMO_FILE R"("
posture_demo_end:
    .byte 0
    .text
)");

extern "C" {
extern const char kDemoBegin[] __asm__("posture_demo_begin");
extern const char kDemoEnd[] __asm__("posture_demo_end");
}

namespace posture {

std::string_view demo_recording() { return {kDemoBegin, static_cast<std::size_t>(kDemoEnd - kDemoBegin)}; }

}  // namespace posture

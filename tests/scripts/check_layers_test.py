#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers.py on small trees: each rule finds its breach, and the good tree has none."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check-layers.py"
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def breaches(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            file = pathlib.Path(root, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        result = subprocess.run([sys.executable, "-B", SCRIPT, root], capture_output=True, text=True, timeout=60)
    lines = result.stdout.splitlines()
    assert result.returncode == (1 if len(lines) > 1 else 0), result
    return lines[:-1]


class CheckLayers(unittest.TestCase):
    def one(self, path, text, *words, spdx=SPDX):
        found = breaches({path: spdx + text})
        self.assertEqual(len(found), 1, found)
        for word in (path, *words):
            self.assertIn(word, found[0])

    def test_good_tree(self):
        good = {
            "include/posture/score.h": SPDX + '#include <vector>\n#include "posture/catalog.h"\n',
            "src/score/score.cpp": SPDX + '#include "score/part.h"\n#include "base/text.h"\n#include "posture/evaluate.h"\n',
            "src/cel/regex.cpp": SPDX + '#include <re2/re2.h>\n#include "posture/value.h"\n',
            "src/base/json.cpp": SPDX + "#include <simdjson.h>\n#include <sys/stat.h>\n",
            "src/cli/main.cpp": SPDX + '#include <CLI/CLI.hpp>\n#include "posture/report.h"\n',
            "scripts/a.sh": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n# TO" + "DO(#12): later\n",
        }
        self.assertEqual(breaches(good), [])

    def test_private_header_of_another_stage(self):
        self.one("src/score/score.cpp", '#include "catalog/read.h"\n', "private to catalog/")

    def test_header_of_a_later_stage(self):
        self.one("src/inventory/object.cpp", '#include "posture/report.h"\n', "later stage report/")

    def test_public_header_with_private_include(self):
        self.one("include/posture/score.h", '#include "score/part.h"\n', "private")

    def test_cel_stands_alone(self):
        self.one("src/cel/parser.cpp", '#include "posture/source.h"\n', "stands alone")

    def test_unknown_folder(self):
        self.one("src/misc/a.cpp", "", "not a stage")

    def test_include_that_is_not_from_the_root(self):
        self.one("src/score/score.cpp", '#include "part.h"\n', "not named from the root")

    def test_library_out_of_its_place(self):
        self.one("src/report/text.cpp", "#include <curl/curl.h>\n", "may be named only in")

    def test_unknown_library(self):
        self.one("src/report/text.cpp", "#include <boost/asio.hpp>\n", "neither a standard header")

    def test_long_source(self):
        self.one("src/report/text.cpp", "\n" * 400, "401 lines")

    def test_long_public_header(self):
        self.one("include/posture/score.h", "\n" * 150, "151 lines")

    def test_missing_licence(self):
        self.one("tests/a/a_test.cpp", "", "SPDX", spdx="")

    def test_open_end_without_issue(self):
        self.one("src/report/text.cpp", "// TO" + "DO: later\n", "number of an issue")

    def test_path_of_a_machine(self):
        self.one("src/report/text.cpp", "// see /ho" + "me/jane/notes\n", "somebody's machine")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""The lint finds each forbidden form, and leaves the forms alone that the house style uses."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import lint_coroutines  # noqa: E402

BAD = {
    "co_await f(Message{text});": "braces",
    "auto r = co_await f({text, 1}, deadline);": "braces",
    "co_await f(Outer(Inner{text}));": "braces",
    "co_await f(std::vector<int>{});": "braces",
    "if (co_await f(Message{text})) { g(); }": "braces",
    "if (auto r = co_await f(Message{text}); r) { g(); }": "braces",
    "while (co_await f({text})) { g(); }": "braces",
    "use(Message{text}, co_await f());": "braces",
    "co_return co_await f(Message{.text = text});": "braces",
    "auto r =\n    co_await f(a,\n        Message{text});": "braces",
    "Message m{(co_await f(t), text)};": "initialiser",
    "auto m = Message{co_await f(t)};": "initialiser",
    "use({co_await f(t)});": "initialiser",
    "if (!co_await f()) g();": "condition",
    "co_await f([text] {});": "lambda",
    "co_await f([=] { g(); }, deadline);": "lambda",
    "co_await f(std::function<void()>([x = text] { g(x); }));": "lambda",
    "co_await [this]() -> Task { co_return; }();": "lambda",
    "co_await (c ? f() : g());": "ternary",
    "auto r = c ? co_await f() : co_await g();": "ternary",
    "co_await f(c ? a : b);": "ternary",
    "g(co_await f() ? x : y);": "ternary",
}
GOOD = [
    "if (!co_await f()) co_return;",
    "if (c) co_await f();",
    "co_await f(std::move(named), in(clock, 5s));",
    "co_await f(Message(text), make(), std::string(10, 'x'));",
    "auto lambda = [text] { g(); };\nco_await f(lambda);",
    "Message m{text};\nco_await f(m);",
    "if (c) { co_await f(); } else { co_await g(); }",
    "for (const auto& x : {1, 2}) { co_await f(x); }",
    "for (int i = 0; i < 3; ++i) co_await f(i);",
    "auto task = [](World w) -> awaitable<void> { co_await f(w); };",
    "auto x = c ? 1 : 2;\nco_await f(x);",
    "const int y[] = {1, 2};\nco_await f(y[0]);",
    "co_await f([](int i) { return T{i}; });",
    'co_await f("braces {} and ? in text", \'{\', R"(raw { ? )");  // Message{text} ?',
    "void f(int n = 1'000'000);\nco_await g(n);",
    "EXPECT_TRUE(co_await f(x));\nauto t = T{1};",
    "switch (x) { case 1: co_await f(); break; default: g(T{1}); }",
    "[[nodiscard]] int i();\nco_await f(a[i()]);",
    "struct S { int n = 0; };\nTask h() { co_await f(); }\nT v{1};",
]


class Lint(unittest.TestCase):
    def inside(self, code):
        return "Task story() {\n" + code + "\n}\n"

    def test_each_forbidden_form_is_found(self):
        for code, kind in BAD.items():
            with self.subTest(code=code):
                self.assertEqual([k for _, k in lint_coroutines.findings(self.inside(code))], [kind])

    def test_the_forms_of_the_house_style_pass(self):
        for code in GOOD:
            with self.subTest(code=code):
                self.assertEqual(lint_coroutines.findings(self.inside(code)), [])

    def test_comments_and_literals_keep_line_numbers(self):
        code = '/* a\nb */\n#define X \\\n  y\nauto s = R"(\n\n)";\nco_await f(T{s});'
        self.assertEqual(lint_coroutines.findings(code), [(8, "braces")])

    def test_command_line(self):
        script = pathlib.Path(lint_coroutines.__file__)
        with tempfile.TemporaryDirectory() as folder:
            bad = pathlib.Path(folder) / "bad.cpp"
            bad.write_text("Task f() {\n  co_await g(T{t});\n}\n", encoding="utf-8")
            run = subprocess.run([sys.executable, script, folder], capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertIn(f"{bad}:2: a braced temporary", run.stdout)
            bad.write_text("Task f() {\n  co_await g(t);\n}\n", encoding="utf-8")
            run = subprocess.run([sys.executable, script, folder], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stdout), (0, ""))
            run = subprocess.run([sys.executable, script, folder + "/none.cpp"],
                                 capture_output=True, text=True)
            self.assertEqual(run.returncode, 2)


if __name__ == "__main__":
    unittest.main()

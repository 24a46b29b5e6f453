#!/usr/bin/env python3
"""Cases that restart a server which is not the suite's own: started by --spawn, or by its hook."""

import json
import os
import shlex
import signal

import harness
from harness import Case, deskcheck, main

PASSWORDS = {"ROOT_PASSWORD": "s3cret", "ALICE_PASSWORD": "another"}
RESTARTS = ["api/address-book/restart", "api/strategy/restart", "keys/restart",
            "punch/failure/after-restart", "rendezvous/register-peer/restart",
            "rendezvous/register-pk/restart"]


class Restart(Case):
    def setUp(self):
        super().setUp()
        for name, word in PASSWORDS.items():
            os.environ[name] = word
            self.addCleanup(os.environ.pop, name)
        self.write("accounts.yaml", "accounts:\n"
                   "  - {name: root, password-env: ROOT_PASSWORD, administrator: true}\n"
                   "  - {name: alice, password-env: ALICE_PASSWORD}\n")
        first = self.server("--data", self.path("data"))
        self.key, self.port = first.key, first.port
        first.stop()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def target(self, restart=""):
        return self.write("target.yaml", f"""
target: {{name: mine, host: 127.0.0.1, key: "{self.key}"}}
ports: {{rendezvous: {self.port}}}
api: http://127.0.0.1:{self.port - 2}
accounts:
  admin: {{user: root, password-env: ROOT_PASSWORD}}
  user: {{user: alice, password-env: ALICE_PASSWORD}}
control:
  put-strategy: {{http: {{path: /api/admin/strategies, body: {{name: "${{strategy}}", config_options: "${{options}}"}}}}}}
  remove-strategy: {{http: {{path: /api/admin/strategies/remove, body: {{name: "${{strategy}}"}}}}}}
  strategy-of-device:
    {{http: {{path: /api/admin/strategies/assign, body: {{strategy: "${{strategy}}", device: "${{device}}"}}}}}}
{restart}""")

    def serve(self, port, *arguments):
        return shlex.join([harness.EXECUTABLE, "serve", "--data", self.path("data"), "--fixtures",
                           self.path("accounts.yaml"), *arguments, "--port-base"]) + f" {port}"

    def run_it(self, *arguments, only=",".join(RESTARTS), restart=""):
        result = deskcheck("run", self.target(restart), "--filter", only,
                           "--json", self.path("r.json"), *arguments)
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        return result, {case["id"]: case for case in report["cases"]}

    def run_spawned(self, command, *arguments, **others):
        return self.run_it("--spawn", command, "--spawn-log", self.path("log"), *arguments, **others)

    def assert_all_pass(self, result, cases):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for name in RESTARTS:
            self.assertEqual(cases[name]["status"], "pass", cases[name])
            self.assertIn("restarts", cases[name]["effects"])
        self.assertNotIn("left behind by", result.stdout)

    def starts(self):
        """Where the servers of --spawn listened, one after the other."""
        with open(self.path("log"), encoding="utf-8") as file:
            return [json.loads(line)["port_base"] for line in file if line.startswith("{")]

    def test_one_restart_is_for_all_cases_that_want_one(self):
        result, cases = self.run_spawned(self.serve("{port_base}"))
        self.assert_all_pass(result, cases)
        ports = self.starts()
        self.assertEqual(len(ports), 2)
        self.assertEqual(ports[0], ports[1])

    def test_one_by_one(self):
        result, cases = self.run_spawned(self.serve("{port_base}"), "--jobs", "1",
                                         only="keys/restart,rendezvous/register-pk/restart")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(cases["keys/restart"]["status"], "pass")
        self.assertEqual(len(self.starts()), 3)

    def test_by_a_hook(self):
        """Whose command leaves the new server behind."""
        serve = self.serve(self.port)
        restart = self.write("restart.sh", f"""#!/bin/sh
cd {shlex.quote(self.scratch)}
if [ -e pid ]; then kill "$(cat pid)"; while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.1; done; fi
echo started >>starts
{serve} >>serve.log 2>&1 &
echo $! >pid
""")
        os.chmod(restart, 0o755)
        self.addCleanup(self.end_server)
        self.assertEqual(os.system(f"{shlex.quote(restart)}; until [ -s {shlex.quote(self.path('serve.log'))} ];"
                                   " do sleep 0.1; done"), 0)
        result, cases = self.run_it(restart="  restart: {exec: [./restart.sh], seconds: 60}\n")
        self.assert_all_pass(result, cases)
        with open(self.path("starts"), encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 2)
        with open(self.path("pid"), encoding="utf-8") as file:
            os.kill(int(file.read()), 0)  # it lives

    def end_server(self):
        with open(self.path("pid"), encoding="utf-8") as file:
            os.kill(int(file.read()), signal.SIGKILL)

    def test_a_hook_that_restarts_nothing(self):
        server = self.server("--data", self.path("data"), "--fixtures", self.path("accounts.yaml"))
        self.port = server.port
        result, cases = self.run_it(only="keys/restart", restart="  restart: {exec: ['true']}\n")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual(cases["keys/restart"]["status"], "blocked")
        self.assertEqual(cases["keys/restart"]["blame"], "environment")
        self.assertIn("the hook 'restart' has ended nothing", cases["keys/restart"]["why"])

    def test_without_either(self):
        server = self.server("--data", self.path("data"), "--fixtures", self.path("accounts.yaml"))
        self.port = server.port
        result, cases = self.run_it()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for name in RESTARTS:
            self.assertEqual(cases[name]["status"], "not applicable", cases[name])
            self.assertIn("the target has no hook 'restart'", cases[name]["why"])

    def test_a_server_that_forgets_strategies(self):
        result, cases = self.run_spawned(self.serve("{port_base}", "--fault", "restart-forgets-strategies"))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        failed = [name for name in cases if cases[name]["status"] == "fail"]
        self.assertEqual(failed, ["api/strategy/restart"])
        self.assertIn("HTTP-STRAT-08", [check["requirement"] for check in cases[failed[0]]["checks"]
                                        if check["status"] == "fail"])

    def test_a_server_that_forgets_everything(self):
        """But for its key; whom it has as accounts it is told again."""
        forget = f"find {self.path('data')} -type f ! -name 'id_ed25519*' -delete; exec "
        result, cases = self.run_spawned(forget + self.serve("{port_base}"))
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for name in RESTARTS:
            # A stranger, too, is asked for his key.
            wanted = "pass" if name in ("keys/restart", "rendezvous/register-peer/restart") else "fail"
            self.assertEqual(cases[name]["status"], wanted, cases[name])

    def test_a_server_that_does_not_come_back(self):
        once = f"[ -e {self.path('once')} ] && {{ echo 'no disk'; exit 7; }}; touch {self.path('once')}; "
        result, cases = self.run_spawned(once + "exec " + self.serve("{port_base}"))
        self.assertEqual(result.returncode, 3, result.stdout + result.stderr)
        self.assertIn("the target was restarted and has not come back", result.stderr)
        for name in RESTARTS:
            self.assertEqual(cases[name]["status"], "blocked", cases[name])
            self.assertEqual(cases[name]["blame"], "environment")
            self.assertIn("ended with exit code 7", cases[name]["why"])
            self.assertIn("no disk", cases[name]["why"])

    def test_only_where_it_is_allowed(self):
        result, cases = self.run_spawned(self.serve("{port_base}"), "--effects", "creates")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(len(self.starts()), 1)
        for name in RESTARTS:
            self.assertEqual(cases[name]["why"], "does MORE than --effects allows: restarts")
        self.assertIn("allows (restarts)", result.stdout)


if __name__ == "__main__":
    main()

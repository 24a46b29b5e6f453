#!/usr/bin/env python3
"""Wrong use: one clear line, and the exit code that docs/exit-codes.md promises."""

import socket

from harness import Case, deskcheck, main

KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="  # docs/protocol/wire.md 8.3


class Usage(Case):
    def test_no_command(self):
        self.assert_refused(deskcheck(), 2, "command", "run")

    def test_unknown_command(self):
        self.assert_refused(deskcheck("rnu"), 2, "rnu")

    def test_unknown_flag(self):
        self.assert_refused(deskcheck("run", "--virtual-tim"), 2, "--virtual-tim")

    def test_values_out_of_range(self):
        self.assert_refused(deskcheck("run", "--jobs", "0"), 2, "--jobs")
        self.assert_refused(deskcheck("run", "--repeat", "x"), 2, "--repeat")
        self.assert_refused(deskcheck("run", "--level", "maybe"), 2, "--level")
        self.assert_refused(deskcheck("run", "--port-base", "70000"), 2, "--port-base")

    def test_key_that_is_no_key(self):
        for key in ("hello", KEY[:-1], KEY + "A"):
            self.assert_refused(deskcheck("run", "--host", "127.0.0.1", "--key", key), 2, "--key",
                                "id_ed25519.pub")

    def test_flags_that_exclude_each_other(self):
        self.assert_refused(deskcheck("run", "--virtual-time", "--host", "127.0.0.1"), 2, "--host")
        self.assert_refused(deskcheck("run", "--key", KEY), 2, "--host")
        self.assert_refused(
            deskcheck("run", "--host", "127.0.0.1", "--fault", "accepts-foreign-uuid"), 2, "--fault")

    def test_source_addresses_that_are_no_network(self):
        for text in ("nonsense", "10.78.0.0", "10.78.0.0/40"):
            self.assert_refused(
                deskcheck("run", "--virtual-time", "--source-addresses", text), 2, text, "10.78.0.0/16")

    def test_parts_that_are_none(self):
        for text in ("0/4", "5/4", "2", "2/4x", "-1/4"):
            self.assert_refused(deskcheck("run", "--virtual-time", "--shard", text), 2, text, "2/4")
        for text in ("30", "0s", "30sec", "soon"):
            self.assert_refused(deskcheck("run", "--budget", text), 2, text, "30s")
        self.assert_refused(deskcheck("run", "--virtual-time", "--budget", "30s"), 2, "--budget")

    def test_unknown_capability(self):
        self.assert_refused(deskcheck("run", "--without", "relay.carrier-pigeon"), 2,
                            "relay.carrier-pigeon", "deskcheck list")

    def test_unknown_fault(self):
        self.assert_refused(deskcheck("run", "--virtual-time", "--fault", "accepts-foreign-uid"), 2,
                            "did you mean", "accepts-foreign-uuid")
        self.assert_refused(deskcheck("selftest", "--fault", "no-such-thing"), 2, "no-such-thing")
        self.assert_refused(deskcheck("run", "--fault", "accepts-foreign-uuid,nope-*"), 2, "nope-*")

    def test_faults_that_exclude_each_other(self):
        self.assert_refused(deskcheck("run", "--fault", "*-offline,relay-talks,offline-too-early"), 2,
                            "never-offline and offline-too-early exclude each other")

    def test_unknown_case(self):
        self.assert_refused(
            deskcheck("run", "--virtual-time", "--filter", "RDV-REGPK-5"), 2,
            "RDV-REGPK-5", "did you mean", "RDV-REGPK-05")
        self.assert_refused(deskcheck("run", "--virtual-time", "--filter", "zzz/*"), 2, "zzz/*")

    def test_unknown_requirement(self):
        self.assert_refused(deskcheck("explain", "RDV-REGPK-5"), 2, "did you mean", "RDV-REGPK-05")

    def test_list_of_nothing(self):
        self.assert_refused(deskcheck("list", "zzz*"), 2, "zzz*")

    def test_unknown_host(self):
        self.assert_refused(deskcheck("run", "--host", "no-such-host.invalid"), 2,
                            "no-such-host.invalid")

    def test_unreachable_host(self):
        with socket.socket() as held:  # bound, so that nobody else listens there
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
            result = deskcheck("run", "--host", "127.0.0.1", "--port-base", port, "--key", KEY)
        self.assert_refused(result, 3, f"127.0.0.1:{port}", "--host")


class Files(Case):
    """Tests may run as root, to whom permissions mean nothing: so these are other obstacles."""

    ONE = ("run", "--virtual-time", "--filter", "RDV-REGPEER-02")

    def test_report_in_a_folder_that_is_not_there(self):
        for flag in ("--json", "--junit"):
            self.assert_refused(deskcheck(*self.ONE, flag, self.path("no/report")), 2, "no/report")

    def test_full_disk(self):
        for flag in ("--json", "--junit"):
            result = deskcheck(*self.ONE, flag, "/dev/full")
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("/dev/full", result.stderr)
            self.assertIn("No space left", result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn("conforms", result.stdout)  # the verdict is shown all the same

    def test_data_that_is_no_folder(self):
        with open(self.path("file"), "w", encoding="utf-8") as file:
            file.write("text")
        for folder in (self.path("file"), self.path("file/below"), "/proc/deskcheck"):
            self.assert_refused(deskcheck("serve", "--port-base", 0, "--data", folder), 2, folder)


class Help(Case):
    def test_every_command_shows_an_example(self):
        for command in ("run", "sim", "list", "explain", "serve", "selftest"):
            result = deskcheck(command, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn("Example", result.stdout)
            self.assertIn(f"deskcheck {command}", result.stdout)

    def test_version(self):
        result = deskcheck("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^deskcheck \d+\.\d+\.\d+\n$")


class Tables(Case):
    def test_list(self):
        requirements = deskcheck("list")
        self.assertEqual(requirements.returncode, 0)
        self.assertGreater(len(requirements.stdout.splitlines()), 500)
        some = deskcheck("list", "RDV-REGPK-*").stdout.splitlines()
        self.assertGreater(len(some), 10)
        self.assertTrue(all(line.startswith("RDV-REGPK-") for line in some))

    def test_lists_of_cases_and_faults(self):
        cases = deskcheck("list", "--cases").stdout.splitlines()
        faults = deskcheck("list", "--faults").stdout.splitlines()
        self.assertGreater(len(cases), 50)
        self.assertGreaterEqual(len(faults), 30)
        self.assertTrue(any("RDV-REGPK-05" in line for line in cases))
        self.assertTrue(any(line.startswith("accepts-foreign-uuid") for line in faults))

    def test_list_of_a_run_is_what_runs(self):
        listed = deskcheck("run", "--list", "--filter", "RDV-REGPEER-*").stdout.splitlines()
        planned = deskcheck("run", "--dry-run", "--filter", "RDV-REGPEER-*").stdout
        self.assertTrue(listed)
        for line in listed:
            self.assertIn(line, planned)
        self.assertIn(f"{len(listed)} cases", planned)

    def test_explain_a_requirement(self):
        result = deskcheck("explain", "RDV-REGPK-05")
        self.assertEqual(result.returncode, 0)
        for word in ("RDV-REGPK-05", "MUST", "Judged by", "accepts-foreign-uuid"):
            self.assertIn(word, result.stdout)

    def test_profiles(self):
        listed = deskcheck("list", "--profiles").stdout.splitlines()
        self.assertEqual([line.split()[0] for line in listed],
                         ["rendezvous", "relay", "api-login", "address-book", "groups", "push", "audit",
                          "recording", "websocket", "full"])
        self.assertIn("api.device.heartbeat", deskcheck("explain", "push").stdout)
        self.assertIn("relay (core)", deskcheck("explain", "RLY-PAIR-01").stdout)
        some = deskcheck("run", "--list", "--profile", "recording").stdout.splitlines()
        self.assertTrue(some and all("HTTP-REC" in line for line in some), some)
        both = deskcheck("run", "--list", "--profile", "recording", "--profile", "audit").stdout
        self.assertGreater(len(both.splitlines()), len(some))
        self.assert_refused(deskcheck("run", "--list", "--profile", "recordings"), 2, "did you mean",
                            "recording", "deskcheck list --profiles")

    def test_explain_a_case(self):
        case = deskcheck("list", "--cases").stdout.split()[0]
        result = deskcheck("explain", case)
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stdout.startswith(case))


if __name__ == "__main__":
    main()

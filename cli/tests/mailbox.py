"""A mail server for tests: takes mail over SMTP, with STARTTLS, TLS from the start or neither, and keeps it."""

import base64
import contextlib
import email
import email.policy
import socket
import ssl
import threading


class Mailbox:
    """`certificate`: paths of a certificate and its key; without it there is no TLS. `at_once`: TLS from the
    first byte. `user`: name and password that have to sign in."""

    def __init__(self, certificate=None, at_once=False, user=None):
        self.tls, self.at_once, self.user = None, at_once, user
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.arrived = threading.Condition()
        self.mails = []     # (sender, recipient, the mail, whether TLS was used)
        self.failures = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=60)

    def wait(self, count=1, limit=60):
        """The mails, once there are so many."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.mails) >= count, timeout=limit)
            return list(self.mails)

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(60)
            with contextlib.ExitStack() as ends:
                ends.callback(connection.close)
                try:
                    self._talk(connection, ends)
                except (OSError, ValueError) as error:
                    self.failures.append(str(error))

    def _talk(self, connection, ends):
        secure = self.at_once
        if secure:
            connection = ends.enter_context(self.tls.wrap_socket(connection, server_side=True))
        lines = connection.makefile("rb")

        def say(*text):
            connection.sendall("".join(line + "\r\n" for line in text).encode())

        say("220 mailbox.example ready")
        sender, recipient, signed_in = None, None, self.user is None
        while line := lines.readline():
            words = line.decode().strip()
            verb = words.split(" ")[0].upper()
            if verb == "EHLO":
                more = ["STARTTLS"] if self.tls and not secure else []
                more += ["AUTH PLAIN"] if self.user else []
                say("250-mailbox.example", *["250-" + one for one in more], "250 8BITMIME")
            elif verb == "STARTTLS":
                say("220 go on")
                connection, secure = ends.enter_context(self.tls.wrap_socket(connection, server_side=True)), True
                lines = connection.makefile("rb")
            elif verb == "AUTH":
                answer = words.split(" ")[2] if words.count(" ") > 1 else None
                if answer is None:
                    say("334 ")
                    answer = lines.readline().decode().strip()
                signed_in = base64.b64decode(answer) == b"\0" + "\0".join(self.user).encode()
                say("235 welcome" if signed_in else "535 wrong")
            elif verb == "MAIL":
                sender = words.split(":", 1)[1]
                say("250 ok" if signed_in else "530 sign in")
            elif verb == "RCPT":
                recipient = words.split(":", 1)[1]
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                text = b""
                while (line := lines.readline()) not in (b".\r\n", b""):
                    text += line[1:] if line.startswith(b".") else line
                with self.arrived:
                    self.mails.append((sender, recipient,
                                       email.message_from_bytes(text, policy=email.policy.default), secure))
                    self.arrived.notify_all()
                say("250 kept")
            elif verb == "QUIT":
                return say("221 bye")
            else:
                say("502 what")

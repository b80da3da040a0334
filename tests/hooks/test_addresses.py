"""A webhook leads outside, to the very address that was checked, and to who holds the name."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quietdays.hooks import addresses
from quietdays.hooks.addresses import AddressRefused, addresses_of, is_outside, place_of, post


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
     "0.1.2.3", "224.0.0.1", "224.0.1.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
     "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "2002:7f00:1::", "64:ff9b::7f00:1",
     "2001:0:1::1"],
)  # fmt: skip
def test_an_address_inside_or_that_wraps_one_is_refused(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_an_address_of_the_public_network_is_outside(address):
    assert is_outside(address)


@pytest.mark.parametrize(
    "url",
    ["http://1.1.1.1/", "ftp://1.1.1.1/", "https://", "https:///x", "//1.1.1.1/", "1.1.1.1",
     "https://a b/", "https://1.1.1.1/\n", "https://1.1.1.1:x/", "https://u:p@1.1.1.1/",
     "https://@1.1.1.1/", "https://[::1", "https://1.1.1.1/é", "javascript:alert(1)", ""],
)  # fmt: skip
def test_what_is_no_address_of_a_web_server_is_refused(url):
    with pytest.raises(AddressRefused):
        place_of(url)


def resolving(monkeypatch, *answers: str):
    """A name service that gives each of these in turn; and what was connected to."""
    left, reached = list(answers), []

    def getaddrinfo(host, port, **_):
        address = left.pop(0)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    def create_connection(place, timeout):
        reached.append(place)
        raise OSError("not in a test")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses.socket, "create_connection", create_connection)
    return reached


def test_a_name_that_leads_inside_is_refused(monkeypatch):
    reached = resolving(monkeypatch, "192.168.1.1", "10.0.0.1")
    with pytest.raises(AddressRefused, match="own network"):
        addresses_of(place_of("https://sneaky.example/"))
    assert post("https://sneaky.example/", b"", {}, timeout_s=1).status is None
    assert reached == []


def test_a_name_that_changes_its_mind_is_not_asked_again(monkeypatch):
    """What was checked is what is connected to: the second answer is never looked at."""
    reached = resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    reply = post("https://rebinding.example/", b"", {}, timeout_s=1)
    assert reached == [("93.184.216.34", 443)]
    assert reply.status is None


def test_a_host_with_one_address_inside_is_refused(monkeypatch):
    def both(host, port, **_):
        return [(2, 1, 6, "", (a, port)) for a in ("93.184.216.34", "127.0.0.1")]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", both)
    with pytest.raises(AddressRefused):
        addresses_of(place_of("https://half.example/"))


# -- TLS


def certified(name: str, folder):
    """A certificate for a name, signed by itself: the paths of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert", folder / "key"


@pytest.fixture
def tls_receiver(tmp_path, settings, monkeypatch):
    """A receiver that holds a certificate for hooks.example; its port, and the names it was called."""
    settings.HOOKS_INSIDE = True
    cert, key = certified("hooks.example", tmp_path)
    hosts: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(
        addresses.socket,
        "getaddrinfo",
        lambda host, port, *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))],
    )
    yield server.server_port, hosts, cert
    server.shutdown()
    server.server_close()


def test_the_certificate_must_be_the_names_own_and_be_trusted(tls_receiver, monkeypatch):
    port, hosts, cert = tls_receiver
    reply = post(f"https://hooks.example:{port}/", b"{}", {}, timeout_s=5)
    assert reply.status is None
    assert "certificate does not hold" in reply.words
    monkeypatch.setattr(
        addresses, "tls_context", lambda: ssl.create_default_context(cafile=str(cert))
    )
    assert post(f"https://hooks.example:{port}/", b"{}", {}, timeout_s=5).status == 204
    other = post(f"https://other.example:{port}/", b"{}", {}, timeout_s=5)
    assert "certificate does not hold" in other.words
    assert hosts == [f"hooks.example:{port}"]

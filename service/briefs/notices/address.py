"""Where a webhook may point: a public https address, checked anew at each attempt by what its name stands for."""

from __future__ import annotations

import ipaddress
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from service.core.errors import BadInput

LONGEST = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Target(NamedTuple):
    """An address taken apart."""

    secure: bool
    host: str
    port: int
    path: str


class Refused(Exception):
    """The name stands for an address inside somebody's network; `code` is for the log."""

    code = "private_address"


def target_of(url: str, private: bool = False) -> Target:
    """The parts of a webhook's address. BadInput for what no webhook may point to.

    `private` also lets plain http and addresses of this network through.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _bad(url, "is no address", "— не адрес") from None
    if len(url) > LONGEST or any(ord(c) <= 32 or ord(c) == 127 for c in url.strip()):
        raise _bad(url, "is no address", "— не адрес")
    if parts.scheme not in (("https", "http") if private else ("https",)) or not parts.hostname:
        raise _bad(url, "does not begin with https://", "не начинается с https://")
    if parts.username is not None or parts.password is not None:
        raise _bad(url, "holds a name or a password", "содержит имя или пароль")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise _bad(url, "holds letters that have to be percent-encoded", "содержит буквы без процентного кодирования")
    found = Target(secure, parts.hostname, port or (443 if secure else 80), path)
    literal = _literal(found.host)
    if literal is not None and not private and not is_public(literal):
        raise BadInput(
            f"{found.host!r} is an address of a private network; set WHOBUYS_WEBHOOK_PRIVATE to allow it.",
            ru=f"{found.host!r} — адрес внутренней сети; разрешить его можно настройкой WHOBUYS_WEBHOOK_PRIVATE.",
        )
    return found


def _bad(url: str, what: str, ru: str) -> BadInput:
    shown = url if len(url) <= 80 else url[:80] + "…"
    return BadInput(f"{shown!r} {what}.", ru=f"{shown!r} {ru}.")


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def resolved(target: Target, private: bool = False) -> str:
    """The numeric address to connect to. Refused when any address of the name is not public, OSError when it has none.

    Whoever connects uses this address and not the name again: a name that changes its mind in between gains nothing.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    numeric = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not private and any(not is_public(ipaddress.ip_address(address)) for address in numeric):
        raise Refused
    return numeric[0]


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the open internet, also when an IPv6 form wraps an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast

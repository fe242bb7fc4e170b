"""Zips of strangers: what is refused as a whole, what is left out and told, what is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from analyzer.model import UserError
from analyzer.serve.limits import ORDINARY, Limits
from analyzer.serve.unpacking import Unpacked, unpacked
from tests.serving import packed

PAGE = "<html><h1>Hello</h1></html>\n"


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[..., Unpacked]:
    def run(data: bytes, limits: Limits = ORDINARY, name: str = "site.zip") -> Unpacked:
        archive = tmp_path / name
        archive.write_bytes(data)
        return unpacked(archive, tmp_path / "out", limits, lambda done, total: None)

    return run


def held(found: Unpacked) -> dict[str, str]:
    return {
        path.relative_to(found.folder).as_posix(): path.read_text("utf-8")
        for path in sorted(found.folder.rglob("*"))
        if path.is_file()
    }


def left_out(found: Unpacked) -> dict[str, tuple[str, ...]]:
    return dict(found.left_out)


def made(entries: list[tuple[zipfile.ZipInfo | str, str | bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in entries:
            archive.writestr(info, data)
    return out.getvalue()


def renamed(data: bytes, before: bytes, after: bytes) -> bytes:
    """A zip with other bytes in its names, as no honest program writes them."""
    assert len(before) == len(after)
    assert before in data
    return data.replace(before, after)


# ---------------------------------------------------------------- what is unpacked


def test_an_ordinary_zip_is_unpacked_whole(unpack: Callable[..., Unpacked]) -> None:
    files = {"index.html": PAGE, "js/app.js": "fbq('init', '1')", "a/b/[id].vue": "x"}
    found = unpack(packed(files))
    assert held(found) == files
    assert found.left_out == ()


def test_the_folder_that_was_zipped_is_the_site(unpack: Callable[..., Unpacked]) -> None:
    found = unpack(packed({"site/index.html": PAGE, "site/a/b.html": PAGE}))
    assert sorted(held(found)) == ["a/b.html", "index.html"]


def test_a_folder_of_another_name_stays(unpack: Callable[..., Unpacked]) -> None:
    assert sorted(held(unpack(packed({"templates/index.html": PAGE})))) == ["templates/index.html"]


def test_what_a_mac_adds_is_not_told(unpack: Callable[..., Unpacked]) -> None:
    found = unpack(packed({"index.html": PAGE, "__MACOSX/._index.html": "x", ".DS_Store": "x"}))
    assert (sorted(held(found)), found.left_out) == (["index.html"], ())


def test_windows_separators_make_folders(unpack: Callable[..., Unpacked]) -> None:
    data = renamed(packed({"a/index.html": PAGE, "b.html": PAGE}), b"a/index", b"a\\index")
    assert sorted(held(unpack(data))) == ["a/index.html", "b.html"]


def test_utf_8_that_nobody_announced_is_read(unpack: Callable[..., Unpacked]) -> None:
    data = renamed(packed({"praxisXX.html": PAGE}), b"praxisXX", "praxisß".encode())
    assert sorted(held(unpack(data))) == ["praxisß.html"]


def test_a_name_in_the_old_code_page_is_read(unpack: Callable[..., Unpacked]) -> None:
    data = renamed(packed({"praxisX.html": PAGE}), b"praxisX", b"praxis\x81")
    assert sorted(held(unpack(data))) == ["praxisü.html"]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "name",
    [
        "../evil.html",
        "a/../../evil.html",
        "/etc/evil.html",
        "C:evil.html",
        "C:/evil.html",
        "..\\evil.html",
        "\\\\server\\share\\evil.html",
    ],
)
def test_a_path_that_leaves_the_folder_refuses_all(
    unpack: Callable[..., Unpacked], tmp_path: Path, name: str
) -> None:
    with pytest.raises(UserError, match=r"would land outside of its folder .*nothing was unpacked"):
        unpack(made([("index.html", PAGE), (zipfile.ZipInfo(name), PAGE)]))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["site.zip"]


def with_flag(data: bytes, flag: int) -> bytes:
    """A zip whose every file says that it has this flag."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            old = struct.unpack_from("<H", data, at + offset)[0]
            struct.pack_into("<H", out, at + offset, old | flag)
            at = data.find(mark, at + 1)
    return bytes(out)


def test_a_locked_zip_is_refused(unpack: Callable[..., Unpacked]) -> None:
    with pytest.raises(UserError, match="locked with a password; make a zip without one"):
        unpack(with_flag(packed({"index.html": PAGE}), 1))


def test_names_that_claim_to_be_utf_8_and_are_not(unpack: Callable[..., Unpacked]) -> None:
    data = with_flag(renamed(packed({"aX.html": PAGE}), b"aX", b"a\xff"), 0x800)
    with pytest.raises(UserError, match="no zip that can be read"):
        unpack(data)


def test_an_odd_way_of_packing_is_refused(unpack: Callable[..., Unpacked]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("index.html", PAGE)
    with pytest.raises(UserError, match="packed in a way that few programs know"):
        unpack(out.getvalue())


def test_a_bomb_is_refused_before_a_byte_of_it_is_written(
    unpack: Callable[..., Unpacked], tmp_path: Path
) -> None:
    files = {f"{number}.html": b"\0" * 1_000_000 for number in range(20)}
    with pytest.raises(UserError, match=r"would become .* times larger"):
        unpack(packed(files), Limits(ratio_from=10_000_000))
    assert not (tmp_path / "out").exists()


def test_too_much_unpacked_is_refused(unpack: Callable[..., Unpacked]) -> None:
    with pytest.raises(UserError, match="would take 2 MB unpacked, and 1 MB is the most"):
        unpack(packed({f"{n}.html": b"a" * 1_100_000 for n in range(2)}), Limits(unpacked=2**20))


def test_a_file_that_lies_about_its_size_gives_no_more_than_it_says(
    unpack: Callable[..., Unpacked],
) -> None:
    data = packed({"big.html": b"a" * 100_000, "index.html": PAGE})
    lying = data.replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    found = unpack(lying)
    assert sorted(held(found)) == ["index.html"]
    assert left_out(found) == {"damaged in the zip": ("big.html",)}


def test_too_many_files_are_refused(unpack: Callable[..., Unpacked]) -> None:
    data = packed({f"{number}.html": "" for number in range(30)})
    with pytest.raises(UserError, match="more than 10 files"):
        unpack(data, Limits(entries=10))


def test_an_endless_list_of_contents_is_not_even_read(
    unpack: Callable[..., Unpacked], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(packed({"index.html": PAGE}))
    at = data.rfind(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 0xF0000000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UserError, match="more than 50,000 files"):
        unpack(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 10, b"PK\x03\x04" + b"\xff" * 5_000]
)
def test_half_a_zip_is_a_sentence(unpack: Callable[..., Unpacked], data: bytes) -> None:
    with pytest.raises(UserError, match="no zip that can be read; make it anew"):
        unpack(data)


def test_an_empty_zip_is_a_sentence(unpack: Callable[..., Unpacked]) -> None:
    with pytest.raises(UserError, match="holds no file that can be read here"):
        unpack(packed({}))


# ---------------------------------------------------------------- what is left out, and told


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, str]:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info, target


def test_links_are_left_out(unpack: Callable[..., Unpacked]) -> None:
    found = unpack(made([("index.html", PAGE), link("passwd.html", "/etc/passwd")]))
    assert sorted(held(found)) == ["index.html"]
    assert list(left_out(found).values()) == [("passwd.html",)]


def test_a_link_is_no_way_for_the_file_after_it(
    unpack: Callable[..., Unpacked], tmp_path: Path
) -> None:
    found = unpack(made([link("d", str(tmp_path)), ("d/evil.html", PAGE), ("index.html", PAGE)]))
    assert not (tmp_path / "evil.html").exists()
    assert sorted(held(found)) == ["d/evil.html", "index.html"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"aux.html": PAGE}, "kept for a device"),
        ({"a/CON/b.html": PAGE}, "kept for a device"),
        ({"com1.tar.html": PAGE}, "kept for a device"),
        ({"a.html:stream.html": PAGE}, "another file on Windows"),
        ({"a.html.": PAGE}, "another file on Windows"),
        ({"a /b.html": PAGE}, "another file on Windows"),
        ({"a\nb.html": PAGE}, "characters that no name should"),
        ({"a" * 300 + ".html": PAGE}, "name is too long"),
        ({"a/" * 60 + "b.html": PAGE}, "the way to it is too long"),
        ({"Index.html": PAGE, "INDEX.html": PAGE}, "upper and lower case"),
        ({"more.zip": "PK"}, "not opened"),
        ({"old.tar.gz": "x"}, "not opened"),
        ({".git/config": "[core]\nfsmonitor = evil"}, "history"),
        ({"a/node_modules/b/c.js": "x", "a/node_modules/d.js": "x"}, "packages of others"),
    ],
)
def test_what_is_odd_is_left_out_and_told(
    unpack: Callable[..., Unpacked], files: Mapping[str, str], reason: str
) -> None:
    found = unpack(packed({"ordinary.html": PAGE, **files}))
    kept = held(found)
    ((said, names),) = found.left_out
    assert reason in said
    assert "ordinary.html" in kept
    assert len(names) == 1
    assert len(kept) == len(files) or len(kept) == 1


def test_the_first_of_two_files_of_one_name_is_read(unpack: Callable[..., Unpacked]) -> None:
    data = renamed(packed({"a.html": "one", "b.html": "two"}), b"b.html", b"a.html")
    found = unpack(data)
    assert held(found) == {"a.html": "one"}
    assert list(left_out(found).values()) == [("a.html",)]


def test_a_file_that_is_also_a_folder_is_told(unpack: Callable[..., Unpacked]) -> None:
    found = unpack(packed({"a.html": PAGE, "a.html/b.html": PAGE}))
    assert held(found) == {"a.html": PAGE}
    assert list(left_out(found).values()) == [("a.html/b.html",)]


def test_a_damaged_file_is_told_and_the_others_are_read(unpack: Callable[..., Unpacked]) -> None:
    data = bytearray(packed({"a.html": PAGE * 100, "b.html": PAGE}))
    at = data.find(b"a.html") + len(b"a.html") + 5
    data[at : at + 10] = b"\xff" * 10
    found = unpack(bytes(data))
    assert sorted(held(found)) == ["b.html"]
    assert left_out(found) == {"damaged in the zip": ("a.html",)}

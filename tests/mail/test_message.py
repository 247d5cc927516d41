"""The same mail is the same bytes, reads back as it was meant, and holds no header but ours."""

import email
import re
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from mondaybridge.mail.address import mailbox, one_line
from mondaybridge.mail.message import (
    SUBJECT_LENGTH,
    XLSX,
    Attachment,
    MailText,
    Message,
    Route,
    compose,
    file_name,
)
from storebook import NOW

AGENCY = mailbox("ore@example.com", "Agenzia «Città», S.r.l.")
ANNA = mailbox("anna@münchen.example", "Zoë Bianchi")
WORDS = MailText("it", "Perché è già pronta", "Buongiorno,\n.punto\nperché no\n", "<p>perché</p>")
HEADERS = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Content-Language",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


def composed(words: MailText = WORDS, *attachments: Attachment, name: str = ANNA.name) -> Message:
    to = mailbox(ANNA.address, name)
    return compose("closing:c1", Route(AGENCY, to), words, at=NOW, attachments=attachments)


def read(message: Message) -> EmailMessage:
    return email.message_from_bytes(message.content, policy=policy.default)


def shown(message: Message, header: str) -> str:
    raw = email.message_from_bytes(message.content)[header]
    return str(make_header(decode_header(re.sub(r"\r\n ", " ", raw))))


def test_a_mail_reads_back_as_it_was_meant() -> None:
    file = Attachment("ore di Città.xlsx", bytes(range(256)) * 20)
    message = composed(WORDS, file)
    mail = read(message)
    assert list(mail.keys()) == HEADERS
    assert (
        message.message_id == mail["Message-ID"] == "<41068280b49504d24449e489f2372ea7@example.com>"
    )
    assert mail["Date"] == "Mon, 26 Oct 2026 07:33:20 +0000"
    assert shown(message, "From") == "Agenzia «Città», S.r.l. <ore@example.com>"
    assert shown(message, "To") == "Zoë Bianchi <anna@xn--mnchen-3ya.example>"
    assert mail["Subject"] == WORDS.subject
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == WORDS.text.splitlines()
    assert html.get_content().strip() == WORDS.html
    (part,) = mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == (file.name, XLSX)
    assert part.get_payload(decode=True) == file.content


def test_the_same_input_gives_the_same_bytes_and_the_key_the_same_id() -> None:
    file = Attachment("ore.xlsx", b"PK")
    assert composed(WORDS, file) == composed(WORDS, file)
    other = MailText("it", "Altro", "altro", "<p>altro</p>")
    assert composed(other).message_id == composed().message_id
    route = Route(AGENCY, mailbox(ANNA.address))
    assert compose("k2", route, WORDS, at=NOW).message_id != composed().message_id


def test_answers_go_to_whom_is_named() -> None:
    contact = mailbox("assistenza@example.com")
    message = compose("k", Route(AGENCY, ANNA, contact), WORDS, at=NOW)
    assert read(message)["Reply-To"] == "assistenza@example.com"


def test_lines_are_short_ascii_and_end_as_the_wire_wants() -> None:
    long = MailText("it", "è" * 400, "è" * 3000, "x" * 3000)
    lines = composed(long, Attachment("è" * 300, b"x" * 3000)).content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() and b"\n" not in line and b"\r" not in line for line in lines)
    encoded = re.findall(rb"=\?utf-8\?b\?[^?]*\?=", b"\n".join(lines))
    assert encoded
    assert max(map(len, encoded)) <= 75


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_I9_nothing_given_becomes_a_header_or_an_address(
    name: str, subject: str, file: str
) -> None:
    message = composed(MailText("it", subject, name, subject), Attachment(file, b"PK"), name=name)
    mail = read(message)
    assert list(mail.keys()) == HEADERS
    assert [one.addr_spec for one in mail["To"].addresses] == ["anna@xn--mnchen-3ya.example"]
    assert shown(message, "Subject") == one_line(subject, SUBJECT_LENGTH)
    (part,) = mail.iter_attachments()
    assert part.get_filename() == file_name(file)


def test_I9_a_title_with_a_header_in_it_stays_a_title() -> None:
    words = MailText("it", "Ore\r\nBcc: eve@example.org\r\n\r\nciao", "x", "x")
    message = composed(words, name='Anna" <eve@example.org>,\r\nBcc: eve@example.org')
    mail = read(message)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Ore Bcc: eve@example.org ciao"
    assert [one.addr_spec for one in mail["To"].addresses] == ["anna@xn--mnchen-3ya.example"]


def test_I7_a_file_name_leaves_no_folder() -> None:
    assert [file_name(name) for name in ("../../etc/x", "a\\b:c.xlsx", "", "\r\n", "..")] == [
        "etc-x",
        "a-b-c.xlsx",
        "file",
        "file",
        "file",
    ]

"""The two mails of a package: each says what it must, in both languages and in both forms."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mondaybridge.i18n import LANGUAGES
from mondaybridge.i18n.mails import MAILS
from mondaybridge.mail.letters import End, Start, closing, onboarding
from mondaybridge.mail.message import MailText

START = Start(
    agency="Agenzia Inesistente",
    title="Primavera, 40 ore",
    board_url="https://invented-agency.monday.com/boards/9876543210",
    contact="assistenza@example.com",
    guest="anna@example.org",
    guest_name="Anna Bianchi",
    factor=3,
)
END = End(
    agency="Agenzia Inesistente",
    title="Primavera, 40 ore",
    contact="assistenza@example.com",
    granted="40:00",
    used="38:30",
    left="1:30",
    file="primavera.xlsx",
    name="Anna Bianchi",
    factor=3,
)


class Reader(HTMLParser):
    """What a person sees of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def words_of(text: str) -> list[str]:
    """Return the words without what only plain text has: marks of lists, lines under headings."""
    kept = re.sub(r"(?m)^(- |\d\. |-+$)", "", text)
    return kept.split()


def both(locale: str) -> list[MailText]:
    return [onboarding(locale, START), closing(locale, END)]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_page_says_what_the_text_says(locale: str) -> None:
    for mail in both(locale):
        page = Reader(mail.html)
        assert "".join(page.words) == "".join(words_of(mail.text))
        assert f'lang="{locale}"' in mail.html
        assert mail.language == locale


@pytest.mark.parametrize("locale", LANGUAGES)
def test_R24_the_first_mail_has_all_the_directions(locale: str) -> None:
    mail = onboarding(locale, START)
    for told in (START.board_url, START.contact, START.guest, START.title, START.agency):
        assert told in mail.text
    assert len(re.findall(r"(?m)^- ", mail.text)) == 7
    assert re.findall(r"(?m)^(\d)\. ", mail.text) == ["1", "2", "3"]
    assert Reader(mail.html).links == [
        START.board_url,
        "mailto:assistenza@example.com",
        "mailto:assistenza@example.com",
    ]


def test_R24_the_first_mail_asks_for_approval_and_tells_of_requests() -> None:
    english, italian = (onboarding(locale, START) for locale in ("en", "it"))
    for mail, told in (
        (english, ["approved or not approved", "one request in each e-mail", "uses 3 times"]),
        (italian, ["approvata o non approvata", "una sola richiesta per ogni e-mail", "3 volte"]),
    ):
        text = " ".join(mail.text.split())
        assert [part for part in told if part not in text] == []
    assert english.subject == "Primavera, 40 ore: the dashboard is ready"
    assert italian.subject == "Primavera, 40 ore: la dashboard è pronta"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_R17b_the_last_mail_has_the_three_totals_and_names_the_file(locale: str) -> None:
    mail = closing(locale, END)
    assert re.findall(r"(?m)^  .* (\d+:\d\d)$", mail.text) == ["40:00", "38:30", "1:30"]
    assert "primavera.xlsx" in mail.text
    assert Reader(mail.html).links == ["mailto:assistenza@example.com"]


@pytest.mark.parametrize(("factor", "told"), [(0, 0), (1, 0), (2, 1), (10, 1)])
@pytest.mark.parametrize("locale", LANGUAGES)
def test_R11_the_mails_promise_the_agreed_factor_or_none(
    locale: str, factor: int, told: int
) -> None:
    word = {"en": "urgent work uses {} times", "it": "lavoro urgente consuma {} volte"}[locale]
    after = {"en": "time used is {} times", "it": "utilizzato è {} volte"}[locale]
    first = " ".join(onboarding(locale, replace(START, factor=factor)).text.split())
    last = " ".join(closing(locale, replace(END, factor=factor)).text.split())
    assert (first.count(word.format(factor)), first.count("urgent")) == (told, 2 * told)
    assert (last.count(after.format(factor)), last.count("urgent")) == (told, told)


def test_a_guest_without_a_name_is_greeted_all_the_same() -> None:
    unnamed = onboarding("it", replace(START, guest_name=" "))
    assert unnamed.text.startswith("Buongiorno,\n")
    assert closing("en", replace(END, name="")).text.startswith("Hello,\n")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_I8_names_and_titles_are_words_in_a_page(locale: str) -> None:
    nasty = '<script>alert(1)</script> {title} "x" & \r\nBcc: eve@example.org'
    mails = [
        onboarding(locale, replace(START, agency=nasty, title=nasty, guest_name=nasty)),
        closing(locale, replace(END, agency=nasty, title=nasty, name=nasty, file=nasty)),
    ]
    for mail in mails:
        assert "script" not in Reader(mail.html).tags
        assert "\n" not in mail.subject
        assert "{title}" in mail.subject
        assert "".join(Reader(mail.html).words) == "".join(words_of(mail.text))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://example.com", "boards/1"])
def test_an_address_that_is_no_board_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no address of a board"):
        onboarding("it", replace(START, board_url=address))


def test_pages_load_nothing_and_texts_hold_no_sign_of_a_page() -> None:
    for mail in both("it") + both("en"):
        assert not {"img", "script", "link", "iframe", "style"} & set(Reader(mail.html).tags)
    assert [
        key for key, texts in MAILS.items() if re.search("[<>&]", "".join(texts.values()))
    ] == []


def test_the_italian_text_addresses_nobody_by_pronoun() -> None:
    """Formal and neutral (experience 4.3)."""
    familiar = re.compile(r"\b(tu|tuo|tua|tuoi|tue|ti|Lei|Suo|Sua|Le|voi|vostr[oaie])\b")
    found = [key for key, texts in MAILS.items() if familiar.search(texts["it"])]
    assert found == []

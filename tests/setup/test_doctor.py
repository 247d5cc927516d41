"""The doctor, beside the stand-ins: each thing that can be wrong is told with what to do."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from mondaybridge.cli.app import run
from mondaybridge.clock import Clock
from mondaybridge.demo.counted import StageClock
from mondaybridge.sandbox.server import Sandbox, transport
from mondaybridge.sandbox.world import Clock as WorldClock
from mondaybridge.sandbox.world import Request, Response
from mondaybridge.settings import Settings
from mondaybridge.setup.doctor import examine
from mondaybridge.store.engine import Store
from mondaybridge.store.peer import STRIPE, Peer, bind
from mondaybridge.store.webhooks import WebhookRow, save
from stories import town

SECRET = "0123456789-0123456789-0123456789"
MADE = town.mapping(bottega=town.bottega(users=["G@shop.example"]), tea=town.tea())


class Place:
    """A folder with a mapping, the stand-ins, and the settings that lead to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sandbox = Sandbox(WorldClock(), town.world())
        self.clock: Clock = StageClock(self.sandbox.world.clock)
        self.file = folder / "mappings.yaml"
        self.file.write_text(MADE)
        self.headers: dict[str, str] = {}
        self.stripe_knows_the_key = True
        self.forbidden = ""
        self.settings: dict[str, Any] = {
            "data_dir": str(folder / "data"),
            "mappings": str(self.file),
            "public_url": "https://bridge.example",
            "monday": {"token": "t", "api_url": "https://monday.test/v2", "hook_secret": SECRET},
            "stripe": {"api_key": "sk_test_x", "api_url": "https://stripe.test"},
            "smtp": {"host": "mail.example", "sender": "Agency <hours@agency.example>"},
        }

    def look(self) -> list[tuple[str, str, str, str]]:
        """Return what the doctor finds: id, level, what, and the way out."""
        return [
            (one.check.value, one.level.value, one.text.replace(str(self.folder), "."), one.fix)
            for one in examine(
                Settings.model_validate(self.settings),
                clock=self.clock,
                monday_transport=transport(self._monday),
                stripe_transport=transport(self._stripe),
            )
        ]

    def wrong(self) -> list[tuple[str, str, str, str]]:
        """Return what is not as it should be, without the two remarks that every look here has."""
        usual = {"MB003", "MB017", "MB019"}
        return [one for one in self.look() if one[1] != "OK" and one[0] not in usual]

    def open_store(self) -> Store:
        """Make the database, as the first command does."""
        settings = Settings.model_validate(self.settings)
        store = Store(settings.store_url, clock=self.clock)
        store.upgrade()
        return store

    def answers_with(self, headers: dict[str, str]) -> None:
        """Let monday's answers carry other headers."""
        self.headers = headers

    def _monday(self, request: Request) -> Response:
        answer = self.sandbox.handle_monday(request)
        return replace(answer, headers={**answer.headers, **self.headers})

    def _stripe(self, request: Request) -> Response:
        if self.forbidden and request.path == self.forbidden:
            name = f"rak_{request.path.removeprefix('/v1/').removesuffix('s')}_read"
            told = (
                "The provided key does not have the required permissions. "
                f"Having the '{name}' permission would allow this."
            )
            refusal = {"error": {"type": "invalid_request_error", "message": told}}
            return Response(403, json.dumps(refusal).encode(), {"content-type": "application/json"})
        sent = request if self.stripe_knows_the_key else replace(request, headers={})
        return self.sandbox.handle_stripe(sent)

    def map(self, **clients: town.Terms) -> None:
        """Write another mapping."""
        self.file.write_text(town.mapping(**clients))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_everything_is_looked_at_in_the_order_in_which_it_has_to_work(place: Place) -> None:
    file = "./mappings.yaml"
    missing = [key for key in ("message", "origin", "package") if key not in town.TRACKED["ours"]]
    assert place.look() == [
        ("MB001", "OK", "the settings of the environment are valid", ""),
        ("MB002", "OK", f"{file} is valid: 2 clients, 2 contracts, 2 boards", ""),
        (
            "MB003",
            "WARN",
            "there is no database at ./data/mondaybridge.sqlite3 yet: the first command makes it",
            "run `mondaybridge db upgrade`",
        ),
        ("MB004", "OK", "the data folder ./data can be made", ""),
        (
            "MB005",
            "OK",
            "mails are handed to mail.example:587 (starttls) as Agency <hours@agency.example>",
            "",
        ),
        ("MB007", "OK", "monday's webhooks are expected at https://bridge.example", ""),
        ("MB010", "OK", "monday takes the token", ""),
        ("MB012", "OK", "monday answers in API version 2026-10", ""),
        ("MB011", "OK", "the token belongs to invented-agency.monday.com, as mapped", ""),
        ("MB013", "OK", "board 1001 is there: Bottega", ""),
        ("MB014", "OK", "board 1001: every mapped column and label is there", ""),
        ("MB016", "OK", "board 1001: the client's users see it (g@shop.example)", ""),
        ("MB013", "OK", "board 1002 is there: Tea Rooms", ""),
        ("MB014", "OK", "board 1002: every mapped column and label is there", ""),
        (
            "MB017",
            "WARN",
            (f"{file}: columns.tracked.ours maps no {', '.join(missing)}: not shown on its boards"),
            "make the columns and map them, or leave it so",
        ),
        (
            "MB019",
            "WARN",
            "no webhooks were installed on 2 boards: 1001, 1002",
            "run `mondaybridge webhooks install`",
        ),
        ("MB020", "OK", "Stripe takes the key; test mode: documents bind nobody", ""),
        ("MB023", "OK", "the database will belong to acct_InventedAgency in test mode", ""),
        ("MB024", "OK", "the key may read /v1/invoices; it needs Invoices: Write", ""),
        ("MB024", "OK", "the key may read /v1/credit_notes; it needs Credit notes: Write", ""),
        ("MB024", "OK", "the key may read /v1/customers; it needs Customers: Write", ""),
        ("MB024", "OK", "the key may read /v1/events; it needs Events: Read", ""),
        ("MB021", "OK", "clients.bottega: the customer cus_bottega is there: Bottega", ""),
        ("MB021", "OK", "clients.tea: the customer cus_tea is there: Tea Rooms", ""),
        ("MB022", "OK", "contract bottega-hours: the tax rate txr_iva22 is there: IVA 22 %", ""),
        ("MB022", "OK", "contract tea-hourly: the tax rate txr_vat20 is there: VAT 20 %", ""),
    ]


def test_nothing_is_written(place: Place) -> None:
    place.look()
    assert [one.name for one in place.folder.iterdir()] == ["mappings.yaml"]
    assert place.sandbox.monday.state.items == {}


class TestThisMachine:
    def test_is_judged_without_credentials_and_without_a_mapping(self, place: Place) -> None:
        place.file.write_text(MADE.replace('"40:00"', '"40"').replace('"10:00"', '"10"'))
        place.settings |= {"monday": {}, "stripe": {}, "smtp": {}, "public_url": ""}
        line = place.file.read_text()[: place.file.read_text().index('"10"')].count("\n") + 1
        path = "clients.bottega.contracts[0].packages[0].granted"
        assert place.wrong() == [
            (
                "MB002",
                "FAIL",
                f"./mappings.yaml:{line}: {path}: '10' is not h:mm: write it like \"40:00\"",
                "correct it; `mondaybridge config check` looks at this file alone",
            ),
            (
                "MB005",
                "WARN",
                "no mail server is set: mails are written to ./data/outbox",
                (
                    "set MONDAYBRIDGE_SMTP__HOST and MONDAYBRIDGE_SMTP__SENDER, "
                    "or send the files by hand"
                ),
            ),
            (
                "MB007",
                "WARN",
                (
                    "MONDAYBRIDGE_MONDAY__HOOK_SECRET is not set: `mondaybridge run` needs it; "
                    "changes are seen by the sweep every 10 minutes alone"
                ),
                "set it to at least 32 random characters, then `mondaybridge webhooks install`",
            ),
            (
                "MB010",
                "FAIL",
                "MONDAYBRIDGE_MONDAY__TOKEN is not set",
                "set it, or MONDAYBRIDGE_MONDAY__TOKEN_FILE to a file that holds it",
            ),
            (
                "MB020",
                "FAIL",
                "MONDAYBRIDGE_STRIPE__API_KEY is not set",
                "set it, or MONDAYBRIDGE_STRIPE__API_KEY_FILE to a file that holds it",
            ),
        ]

    def test_has_a_database_of_this_version_and_boards_that_tell(self, place: Place) -> None:
        place.open_store().close()
        (tables,) = [one[2] for one in place.look() if one[0] == "MB003"]
        assert tables == "the database is of this version"
        store = place.open_store()
        with store.write() as tx:
            save(tx, WebhookRow("1", town.HOURS, "create_item", "hash"))
        store.close()
        (silent,) = [one[2] for one in place.look() if one[0] == "MB019"]
        assert silent == "no webhooks were installed on 1 boards: 1002"

    def test_has_a_database_of_an_earlier_version(self, place: Place) -> None:
        store = place.open_store()
        with store.write() as tx:
            tx.execute(text("delete from alembic_version"))
        store.close()
        assert [one[1:] for one in place.look() if one[0] in {"MB003", "MB019"}] == [
            (
                "WARN",
                "the database has no tables yet: the next command brings it up",
                "run `mondaybridge db upgrade`",
            ),
            (
                "WARN",
                "no webhooks were installed on 2 boards: 1001, 1002",
                "run `mondaybridge webhooks install`",
            ),
        ]

    def test_has_a_database_of_a_newer_version(self, place: Place) -> None:
        store = place.open_store()
        with store.write() as tx:
            tx.execute(text("update alembic_version set version_num = 'from-the-future'"))
        store.close()
        (found,) = [one for one in place.look() if one[0] == "MB003"]
        assert found == (
            "MB003",
            "FAIL",
            (
                "the database was written by a newer version (its schema is from-the-future): "
                "install that version, or restore a backup made before it"
            ),
            "check MONDAYBRIDGE_DATABASE_URL and the database",
        )

    def test_has_something_else_in_the_place_of_the_database(self, place: Place) -> None:
        (place.folder / "data").mkdir()
        (place.folder / "data" / "mondaybridge.sqlite3").write_text("not a database at all " * 9)
        found = {one[0]: one for one in place.look() if one[1] == "FAIL"}
        assert list(found) == ["MB003", "MB019"]
        assert found["MB003"][2:] == (
            "unexpected DatabaseError: (sqlite3.DatabaseError) file is not a database",
            "check MONDAYBRIDGE_DATABASE_URL and the database",
        )
        assert found["MB019"][3] == "mend the database first (MB003)"

    def test_has_a_file_in_the_place_of_the_data_folder(self, place: Place) -> None:
        (place.folder / "data").write_text("")
        assert [one for one in place.wrong() if one[0] == "MB004"] == [
            (
                "MB004",
                "FAIL",
                "the data folder ./data cannot be written by this user",
                "set MONDAYBRIDGE_DATA_DIR to a folder of the user that runs the bridge",
            )
        ]

    def test_needs_a_key_and_an_address_for_links_that_boards_show(self, place: Place) -> None:
        ours = '"ours": {'
        with_link = MADE.replace(ours, f'{ours} "document": {{"id": "note2"}},')
        place.file.write_text(with_link)
        (found,) = [one for one in place.wrong() if one[0] == "MB006"]
        assert found == (
            "MB006",
            "WARN",
            "columns.tracked.ours.document stays empty: MONDAYBRIDGE_LINK_KEY not set",
            "set MONDAYBRIDGE_LINK_KEY, or map document: null",
        )
        place.settings["link_key"] = "short"
        (found,) = [one for one in place.wrong() if one[0] == "MB006"]
        assert found[1:3] == (
            "FAIL",
            "MONDAYBRIDGE_LINK_KEY has 5 characters: take at least 32 random ones",
        )


class TestMonday:
    def test_belongs_to_another_account(self, place: Place) -> None:
        place.file.write_text(MADE.replace("invented-agency", "other-agency"))
        assert place.wrong() == [
            (
                "MB011",
                "FAIL",
                (
                    "the token belongs to invented-agency.monday.com, ./mappings.yaml names "
                    "'other-agency': nothing is read or written"
                ),
                "correct monday.account_slug, or set the token of that account",
            )
        ]

    def test_answers_in_another_version_of_its_api(self, place: Place) -> None:
        place.answers_with({"api-version": "2027-04"})
        (found,) = [one for one in place.wrong() if one[0] == "MB010"]
        assert found[1:3] == (
            "FAIL",
            (
                "monday answered in API version '2027-04' instead of 2026-10: update mondaybridge "
                "to a release that pins a version monday still serves"
            ),
        )
        assert [one[0] for one in place.look() if one[0] in {"MB013", "MB020"}] == ["MB020"]

    def test_hides_a_board_and_the_others_are_looked_at_nevertheless(self, place: Place) -> None:
        del place.sandbox.monday.state.boards[town.HOURS]
        hidden = "monday does not show the board"
        fix = "check its id, and that the bridge's user may see it"
        assert place.wrong() == [("MB013", "FAIL", f"board 1001: {hidden}", fix)]
        assert ("MB013", "OK", "board 1002 is there: Tea Rooms", "") in place.look()

    def test_has_other_columns_and_other_names_of_labels(self, place: Place) -> None:
        renamed = MADE.replace('"Approved"', '"Approvato"')
        place.file.write_text(renamed.replace('"id": "note"', '"id": "notes"'))
        problem = "columns.tracked.note.id: the board has no column 'notes'; did you mean"
        label = "columns.tracked.approval.approved[1]: the board calls it 'Approved', not"
        assert [(one[0], one[1], one[2][:120]) for one in place.wrong()] == [
            (check, level, f"board {board}: ./mappings.yaml: {said}"[:120])
            for board in (town.HOURS, town.TEA)
            for check, level, said in (
                ("MB014", "FAIL", f"{problem} 'note' (Note)?"),
                ("MB015", "WARN", f"{label} 'Approvato'"),
            )
        ]

    def test_R22_does_not_show_the_client_their_board(self, place: Place) -> None:
        board = place.sandbox.monday.state.boards[town.HOURS]
        board.subscriber_ids.remove(town.GUEST)
        assert place.wrong() == [
            (
                "MB016",
                "WARN",
                "board 1001: g@shop.example is not on the board: the client cannot see it",
                "invite them to 'Bottega'",
            )
        ]

    def test_R25_has_a_guest_whom_the_mapping_does_not_know(self, place: Place) -> None:
        anybody = town.prepaid(policies={"approval_actor": "off"})
        place.map(bottega=town.bottega(anybody), tea=town.tea())
        listed = "clients.bottega.users"
        assert place.wrong() == [
            (
                "MB016",
                "WARN",
                (
                    f"board 1001: the guest g@shop.example is not among {listed}: "
                    "their approvals do not count as the client's"
                ),
                f"add the address to {listed}, or leave it so",
            ),
            (
                "MB016",
                "WARN",
                f"board 1001: {listed} is empty: nobody is known to approve for the client",
                "list the addresses of the client's users",
            ),
        ]

    def test_R21_has_no_board_for_a_package_that_runs(self, place: Place) -> None:
        template = {"board": town.THIRD, "name": "{client}"}
        contract = town.prepaid(boards=[], template=template)
        place.map(bottega=town.bottega(contract, users=["g@shop.example"]), tea=town.tea())
        assert place.wrong() == [
            (
                "MB013",
                "FAIL",
                "contract bottega-hours has no board: its hours are not to be seen",
                "run 'mondaybridge package open bottega-hours'",
            )
        ]

    def test_does_not_show_the_template_to_be_copied(self, place: Place) -> None:
        template = {"board": "999", "name": "{client}"}
        place.map(bottega=town.bottega(town.prepaid(template=template), users=["g@shop.example"]))
        assert [one for one in place.look() if one[0] == "MB018"] == [
            (
                "MB018",
                "FAIL",
                "monday does not show board 999",
                (
                    "run again in a while; if it stays: check the board's id, "
                    "and that the bridge's user may see it"
                ),
            )
        ]


class TestStripe:
    def test_does_not_know_a_customer_or_a_tax_rate(self, place: Place) -> None:
        other = MADE.replace("cus_bottega", "cus_nobody").replace("txr_vat20", "txr_none")
        place.file.write_text(other)
        place_of_rate = "contract tea-hourly"
        assert place.wrong() == [
            (
                "MB021",
                "FAIL",
                "clients.bottega: Stripe has no customer cus_nobody in this account and mode",
                "correct clients.bottega.stripe_customer, or set the key of its account and mode",
            ),
            (
                "MB022",
                "FAIL",
                f"{place_of_rate}: Stripe has no tax rate txr_none in this account and mode",
                f"correct the tax_rate of {place_of_rate}, or set the key of its account and mode",
            ),
        ]

    def test_has_deleted_a_customer_holds_a_balance_or_archived_a_rate(self, place: Place) -> None:
        place.sandbox.stripe.customers["cus_bottega"].deleted = True
        place.sandbox.stripe.customers["cus_tea"].balances["eur"] = -500
        place.sandbox.stripe.tax_rates["txr_vat20"].active = False
        assert place.wrong() == [
            (
                "MB021",
                "FAIL",
                "clients.bottega: the customer cus_bottega was deleted at Stripe",
                "make a new customer and set it as clients.bottega.stripe_customer",
            ),
            (
                "MB021",
                "WARN",
                (
                    "clients.tea: the customer cus_tea has a balance at Stripe: the next invoice "
                    "settles it, and asks for more or less than its lines say"
                ),
                "bring the balance to zero there, or leave it so",
            ),
            (
                "MB022",
                "FAIL",
                "contract tea-hourly: the tax rate txr_vat20 (VAT 20 %) is archived at Stripe",
                "put it back there, or name the rate that took its place",
            ),
        ]

    def test_P30_does_not_allow_the_key_something(self, place: Place) -> None:
        place.forbidden = "/v1/credit_notes"
        assert place.wrong() == [
            (
                "MB024",
                "FAIL",
                (
                    "the API key in MONDAYBRIDGE_STRIPE__API_KEY lacks the permission "
                    "rak_credit_note_read: The provided key does not have the required "
                    "permissions. Having the 'rak_credit_note_read' permission would allow this."
                ),
                (
                    "give the key Credit notes: Write in Stripe's dashboard, or set an "
                    "unrestricted one"
                ),
            )
        ]

    def test_P29_is_another_account_than_the_databases(self, place: Place) -> None:
        said = [one[2] for one in place.look() if one[0] == "MB023"]
        assert said == ["the database will belong to acct_InventedAgency in test mode"]
        store = place.open_store()
        with store.write() as tx:
            bind(tx, Peer(STRIPE, "acct_InventedAgency", live=False), 1)
        said = [one[2] for one in place.look() if one[0] == "MB023"]
        assert said == ["the database belongs to acct_InventedAgency in test mode"]
        place.settings["stripe"]["api_key"] = "rk_" + "live_x"
        (found,) = [one for one in place.wrong() if one[0] == "MB023"]
        assert found[2] == (
            "MONDAYBRIDGE_STRIPE__API_KEY belongs to Stripe's account acct_InventedAgency in live "
            "mode, but this database belongs to acct_InventedAgency in test mode: set the "
            "credentials of that account, or MONDAYBRIDGE_DATABASE_URL to another database"
        )
        assert found[3] == (
            "set MONDAYBRIDGE_STRIPE__API_KEY to a key of the database's account, or use its "
            "database"
        )
        store.close()

    def test_makes_a_customer_or_has_one_without_an_address(self, place: Place) -> None:
        tea = {name: one for name, one in town.tea().items() if name != "stripe_customer"}
        place.map(tea={**tea, "email": "books@tea.example"}, bottega=town.bottega())
        place.sandbox.stripe.customers["cus_bottega"].email = ""
        assert sorted(one[1:3] for one in place.look() if one[0] == "MB021") == [
            (
                "FAIL",
                (
                    "clients.bottega: the customer cus_bottega has no e-mail address: "
                    "Stripe cannot mail its invoices"
                ),
            ),
            (
                "OK",
                "clients.tea: a customer is made with the first document, with books@tea.example",
            ),
        ]

    def test_is_in_live_mode(self, place: Place) -> None:
        place.settings["stripe"]["api_key"] = "rk_" + "live_x"
        assert "Stripe takes the key; live mode: documents are real" in [
            one[2] for one in place.look()
        ]

    def test_does_not_take_the_key(self, place: Place) -> None:
        place.stripe_knows_the_key = False
        (found,) = [one for one in place.wrong() if one[0] == "MB020"]
        assert found[1:3] == (
            "FAIL",
            "Stripe does not know the API key: set MONDAYBRIDGE_STRIPE__API_KEY",
        )
        assert [one[0] for one in place.look() if one[0] > "MB019"] == ["MB020"]


def test_the_command_prints_all_of_it_and_fails_with_4(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_DATA_DIR", str(place.folder / "data"))
    monkeypatch.setenv("MONDAYBRIDGE_MAPPINGS", str(place.file))
    assert run(["doctor"]) == 4
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "OK    MB001  the settings of the environment are valid"
    assert lines[-5:] == [
        "FAIL  MB010  MONDAYBRIDGE_MONDAY__TOKEN is not set",
        "             -> set it, or MONDAYBRIDGE_MONDAY__TOKEN_FILE to a file that holds it",
        "FAIL  MB020  MONDAYBRIDGE_STRIPE__API_KEY is not set",
        "             -> set it, or MONDAYBRIDGE_STRIPE__API_KEY_FILE to a file that holds it",
        "8 checks: 3 OK, 3 to consider, 2 to mend",
    ]
    assert run(["doctor", "--json"]) == 4
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], len(told["findings"])) == (False, 8)
    assert told["findings"][0] == {
        "id": "MB001",
        "level": "OK",
        "text": "the settings of the environment are valid",
        "fix": "",
    }


def test_wrong_settings_are_a_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONDAYBRIDGE_PORT", "high")
    assert run(["doctor"]) == 4
    assert capsys.readouterr().out.splitlines()[0].startswith("FAIL  MB001  MONDAYBRIDGE_PORT: ")


def test_a_board_with_subitems_is_told_where_time_is_read(place: Place) -> None:
    people = place.sandbox.monday.humans
    row = people.create_item(board=town.HOURS, name="Menu")
    people.create_subitem(parent=row, name="Photos")
    said = (
        f"board {town.HOURS}: time is read from rows; a row whose subitem carries time is parked, "
        "never added up (ledger 5.7)"
    )
    assert [one for one in place.look() if "subitem" in one[2]] == [("MB014", "OK", said, "")]

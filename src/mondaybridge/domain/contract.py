"""What a client bought: terms, packages and dated rates, as values."""

from dataclasses import dataclass
from enum import Enum

from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.clocks import Promise
from mondaybridge.domain.money import RateKey


class ContractKind(Enum):
    """The kinds of contract (R48)."""

    PREPAID_PACKAGE = "prepaid_package"
    POSTPAID_PLAN = "postpaid_plan"
    PAY_AS_YOU_GO = "pay_as_you_go"
    NONE = "none"


class OverrunLimit(Enum):
    """What an overrun may draw on: the free or the hard residual (ledger 5.2)."""

    FREE = "free"
    HARD = "hard"


class Gate(Enum):
    """What a missing proof does: nothing, a remark, or it keeps the work from starting."""

    OFF = "off"
    WARN = "warn"
    REQUIRE = "require"


class Overrun(Enum):
    """What happens to time that no package covers (ledger 5.2)."""

    HOLD = "hold"
    BILL = "bill"
    ABSORB = "absorb"
    NEXT_PACKAGE = "next_package"


class BoardEnd(Enum):
    """What becomes of a board after its last package (R17a)."""

    ARCHIVE = "archive"
    LOCK = "lock"


class StartsOn(Enum):
    """When the hours of a sale may be used (semantics 6.30).

    ``manual``: from the day that the mapping names; else once its invoice is there, or is paid.
    """

    MANUAL = "manual"
    INVOICE_FINALIZED = "invoice_finalized"
    INVOICE_PAID = "invoice_paid"


class Commitment(Enum):
    """What a plan's client pays for included hours: a fee, or what was used (R42)."""

    FEE = "fee"
    USAGE_ONLY = "usage_only"


class Proration(Enum):
    """Whether a month with a change of plan is counted by days (semantics 6.14)."""

    NONE = "none"
    DAILY = "daily"


class LegalDocument(Enum):
    """Which paper is the invoice before the law: Stripe's, or one that another tool writes."""

    STRIPE = "stripe"
    EXTERNAL = "external"


class Tax(Enum):
    """Who says what tax a line bears; never the bridge (semantics 6.18)."""

    RATES = "rates"
    AUTOMATIC = "automatic"


class AfterPayment(Enum):
    """Where money goes that is credited on a paid invoice (semantics 6.23)."""

    BALANCE = "balance"
    REFUND = "refund"
    OUT_OF_BAND = "out_of_band"


class Questioned(Enum):
    """Whether a questioned line waits for its answer or is billed (semantics 6.24)."""

    HOLD = "hold"
    BILL = "bill"


class ZeroInvoice(Enum):
    """What becomes of a month that costs nothing (semantics 6.20)."""

    SKIP = "skip"
    CREATE = "create"


@dataclass(frozen=True, slots=True)
class Policies:
    """What a package contract decides where the rules leave a choice (requirements 2).

    ``minor_minutes`` is the longest estimate that starts by itself, none: nothing does (R12).
    ``baseline_at`` is when what was agreed is frozen, none: the package has no baseline (R08).
    """

    approval_actor: Gate = Gate.OFF
    request_reference: Gate = Gate.OFF
    requester: Gate = Gate.OFF
    service_type: Gate = Gate.OFF
    minor_minutes: int | None = None
    urgent_factor: int = 3
    baseline_at: int | None = None
    max_overcommit: int | None = None
    overrun: Overrun = Overrun.HOLD
    overage: tuple["DatedRate", ...] = ()
    posts_unapproved: bool = False
    clears_stale_approval: bool = True
    reverts_forbidden_start: bool = False
    labels_extra: bool = True
    max_session_minutes: int = 720
    alert_percents: tuple[int, ...] = (50, 75, 90, 100)
    expiry_notice_days: tuple[int, ...] = (60, 30, 7)
    end_below_minutes: int = 0
    board_end: BoardEnd = BoardEnd.ARCHIVE
    hands_over_itself: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """A prepaid grant of minutes; ``price`` keeps the whole sale in its unit (ledger 6.2).

    ``discount_minor`` is what a bulk purchase saved: ``price`` is what is left to pay (R52).

    It may be used until ``expires_at``; what is left lapses at ``lapses_at``, after a grace for
    news of earlier work (semantics 6.6).
    """

    package_id: str
    granted_minutes: int
    sold_at: int
    price: RateKey
    opening_minutes: int = 0
    priority: int = 1
    expires_at: int | None = None
    lapses_at: int | None = None
    sale_by_bridge: bool = True
    starts_on: StartsOn = StartsOn.MANUAL
    discount_minor: int = 0


@dataclass(frozen=True, slots=True)
class DatedRate:
    """An hourly price from an instant on; work is rated by its own date (semantics 6.27)."""

    starts_at: int
    price: RateKey


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly plan (R42, R49): its rank among plans, included minutes, fee and hourly prices.

    ``fee`` is the price of a whole month. Included minutes cost nothing more, or with
    ``usage_only`` the ``hourly`` price each; minutes beyond them cost ``overage``.
    """

    plan_id: str
    rank: int
    included_minutes: int
    fee: RateKey
    overage: tuple[DatedRate, ...]
    commitment: Commitment = Commitment.FEE
    hourly: tuple[DatedRate, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """The plan of a contract from an instant on, until the next phase begins."""

    starts_at: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Rollover:
    """Unused included minutes that go on to later months: how many, how far (semantics 6.15)."""

    max_minutes: int
    max_months: int


@dataclass(frozen=True, slots=True)
class NamedRates:
    """Dated prices for one person or one type of service (semantics 6.27)."""

    name: str
    rates: tuple[DatedRate, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits beyond which a client is parked instead of billed (ledger 6.10)."""

    lines_per_day: int = 15
    documents: int = 3
    first_minor: int = 1_000_000
    median_factor: int = 10


@dataclass(frozen=True, slots=True)
class BillingPolicies:
    """What a client's documents leave to choose (requirements 2, ledger 6.8).

    ``min_invoice_minor``: a month below is carried on; ``min_credit_minor``: a credit below is
    taken off the next invoice. ``late_days``: later changes of a closed month wait for a person.
    ``answer_days``: working days to answer a question; ``accept_days``: working days after the
    answer until it counts as accepted, none: never. Above ``group_above`` lines they are grouped.
    """

    legal_document: LegalDocument = LegalDocument.STRIPE
    tax: Tax = Tax.RATES
    after_payment: AfterPayment = AfterPayment.BALANCE
    questioned: Questioned = Questioned.HOLD
    answer_days: int = 5
    accept_days: int | None = None
    min_invoice_minor: int = 0
    min_credit_minor: int = 0
    zero_invoice: ZeroInvoice = ZeroInvoice.SKIP
    late_days: int = 60
    group_above: int = 240
    note: Gate = Gate.OFF


@dataclass(frozen=True, slots=True)
class Contract:
    """The terms of one contract; all instants are UTC, all months are the zone's.

    ``promise`` is how soon a request is taken up, in the open hours of ``calendar`` (R18); where
    there is a promise there is a calendar. ``users`` are the client's, who may approve (R25).
    ``plans`` stand in order of time. Work is priced by its row's own rate, else its person's, else
    its service's, else the plan's, else ``rates``, else ``standard_rates`` (semantics 6.27).
    ``packages`` of a contract by the hour are bulk purchases: used first, without admission (R52).
    ``billing`` is its client's, for what a review decides by it.
    """

    contract_id: str
    client_id: str
    kind: ContractKind
    zone: str
    bill_from: int
    until: int | None = None
    increment_minutes: int = 1
    rates: tuple[DatedRate, ...] = ()
    packages: tuple[Package, ...] = ()
    overrun_limit: OverrunLimit = OverrunLimit.FREE
    board_ids: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    policies: Policies = Policies()
    calendar: Calendar | None = None
    promise: Promise | None = None
    plans: tuple[PlanPhase, ...] = ()
    proration: Proration = Proration.NONE
    rollover: Rollover | None = None
    person_rates: tuple[NamedRates, ...] = ()
    service_rates: tuple[NamedRates, ...] = ()
    standard_rates: tuple[DatedRate, ...] = ()
    billing: BillingPolicies = BillingPolicies()

    @property
    def prepaid(self) -> bool:
        """Whether admission, reservation and residuals exist (ledger 1)."""
        return self.kind is ContractKind.PREPAID_PACKAGE


@dataclass(frozen=True, slots=True)
class Client:
    """Who is billed: one currency, one Stripe customer; its contracts share one zone.

    ``users`` are the addresses of the people who may approve for the client (R25). Without
    ``stripe_customer`` the customer is made once, with ``email``.
    """

    client_id: str
    name: str
    locale: str
    currency: str
    zone: str
    stripe_customer: str
    contracts: tuple[Contract, ...]
    close_automatically: bool = False
    close_after_days: int = 2
    days_until_due: int = 14
    bounds: Bounds = Bounds()
    users: tuple[str, ...] = ()
    email: str = ""
    billing: BillingPolicies = BillingPolicies()

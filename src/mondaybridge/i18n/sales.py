"""What is told where bought hours may not be used yet, or no more (semantics 6.30).

Beside the other remarks and comments because there are many; the keys are of the same kinds. A
``sale.…`` says what the hours wait for, its way what makes them usable.
"""

SALES: dict[str, dict[str, str]] = {
    "sale.waits_for_payment": {
        "en": "wait for the payment of their invoice",
        "it": "attendono il pagamento della fattura",
    },
    "sale.waits_for_payment.way": {
        "en": "once the invoice is paid",
        "it": "appena la fattura è pagata",
    },
    "sale.waits_for_invoice": {
        "en": "wait for their invoice to be issued",
        "it": "attendono l'emissione della fattura",
    },
    "sale.waits_for_invoice.way": {
        "en": "once the invoice is issued",
        "it": "appena la fattura è emessa",
    },
    "sale.frozen": {
        "en": "cannot be used because their sale was cancelled",
        "it": "non si possono usare perché la vendita è stata annullata",
    },
    "sale.frozen.way": {
        "en": "once those hours are invoiced again or there is a new package",
        "it": "quando quelle ore sono fatturate di nuovo o con un nuovo pacchetto",
    },
    "sale.short.way": {
        "en": "{way}, with a smaller estimate or more hours",
        "it": "{way}, con una stima minore o altre ore",
    },
    "remark.residual.sale": {
        "en": "{need} h are needed and {hard} h are left: {locked} h of the package {waits}.",
        "it": "Servono {need} h e ne restano {hard}: {locked} h del pacchetto {waits}.",
    },
    "notice.residual.sale": {
        "en": "{need} h are needed and {hard} h are left: {locked} h of the package {waits}. The"
        " work can start {way}.",
        "it": "Servono {need} h e ne restano {hard}: {locked} h del pacchetto {waits}. L'attività"
        " può partire {way}.",
    },
    "remark.residual.more.sale": {
        "en": "{need} h are needed and {hard} h are left: {locked} h of the package {waits}; it"
        " goes on with {given} h.",
        "it": "Servono {need} h e ne restano {hard}: {locked} h del pacchetto {waits}; per ora"
        " valgono {given} h.",
    },
    "notice.residual.more.sale": {
        "en": "{need} h are needed and {hard} h are left: {locked} h of the package {waits}. For"
        " now the work goes on with {given} h; it can have more {way}.",
        "it": "Servono {need} h e ne restano {hard}: {locked} h del pacchetto {waits}. Per ora"
        " valgono {given} h; se ne possono avere altre {way}.",
    },
    "remark.blocked.sale": {
        "en": "{need} h are needed to start and {hard} h are left: {locked} h of the package"
        " {waits}.",
        "it": "Servono {need} h per iniziare e ne restano {hard}: {locked} h del pacchetto"
        " {waits}.",
    },
    "notice.blocked.sale": {
        "en": "{need} h are needed to start and {hard} h are left: {locked} h of the package"
        " {waits}. The approval stays valid; the work can start {way}.",
        "it": "Servono {need} h per iniziare e ne restano {hard}: {locked} h del pacchetto"
        " {waits}. L'approvazione resta valida; l'attività può partire {way}.",
    },
    "why.residual.sale": {
        "en": "{need} h are needed and {hard} h are left: {locked} h of the package {waits}",
        "it": "Servono {need} h e ne restano {hard}: {locked} h del pacchetto {waits}",
    },
    "remark.overrun.unfunded.sale": {
        "en": "{worked} h worked, {estimate} h approved: {unfunded} h are not covered yet, as"
        " {locked} h of the package {waits}.",
        "it": "{worked} h effettive su {estimate} h approvate: {unfunded} h non ancora coperte,"
        " perché {locked} h del pacchetto {waits}.",
    },
    "notice.overrun.unfunded.sale": {
        "en": "{worked} h worked, {estimate} h approved: {unfunded} h are held, as {locked} h of"
        " the package {waits}. They can be covered {way}.",
        "it": "{worked} h effettive su {estimate} h approvate: {unfunded} h restano in sospeso,"
        " perché {locked} h del pacchetto {waits}. Si possono coprire {way}.",
    },
    "remark.unpaid": {
        "en": "{locked} h bought in advance {waits}: meanwhile this time has its hourly price.",
        "it": "{locked} h acquistate in anticipo {waits}: intanto questo tempo ha il suo prezzo"
        " orario.",
    },
}

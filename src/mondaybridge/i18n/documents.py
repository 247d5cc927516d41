"""The texts of the documents at Stripe: their subjects and their lines."""

DOCUMENTS: dict[str, dict[str, str]] = {
    "document.usage": {
        "en": "Support time, {month}",
        "it": "Ore di assistenza, {month}",
    },
    "document.sale": {
        "en": "Hourly package {scope}",
        "it": "Pacchetto orario {scope}",
    },
    "document.correction": {
        "en": "Time credited back, {month}",
        "it": "Ore riaccreditate, {month}",
    },
    "line.usage": {
        "en": "{dates} · {title} · {hours} h at {rate}",
        "it": "{dates} · {title} · {hours} h a {rate}",
    },
    "line.overage": {
        "en": "{dates} · {title} · {hours} h beyond the package at {rate}",
        "it": "{dates} · {title} · {hours} h oltre il pacchetto a {rate}",
    },
    "line.overage_plan": {
        "en": "{dates} · {title} · {hours} h beyond the plan at {rate}",
        "it": "{dates} · {title} · {hours} h oltre il piano a {rate}",
    },
    "line.included": {
        "en": "{dates} · {title} · {hours} h included in the plan",
        "it": "{dates} · {title} · {hours} h comprese nel piano",
    },
    "line.bulk": {
        "en": "{dates} · {title} · {hours} h from the purchase {package}",
        "it": "{dates} · {title} · {hours} h dall'acquisto {package}",
    },
    "line.no_charge": {
        "en": "{dates} · {title} · {hours} h: bug - no charge",
        "it": "{dates} · {title} · {hours} h: difetto - senza addebito",
    },
    "line.fee": {
        "en": "Plan {plan}, {month}: {hours} h included",
        "it": "Piano {plan}, {month}: {hours} h comprese",
    },
    "line.fee_part": {
        "en": "Plan {plan}, {dates}: the share of {month}",
        "it": "Piano {plan}, {dates}: quota di {month}",
    },
    "line.group": {
        "en": "{title} (several activities)",
        "it": "{title} (più attività)",
    },
    "line.group_day": {
        "en": "Several activities",
        "it": "Più attività",
    },
    "line.sale": {
        "en": "Hourly package {title}, {hours} h",
        "it": "Pacchetto orario {title}, {hours} h",
    },
    "line.sale_discount": {
        "en": "Hourly package {title}, {hours} h: {full}, less {discount}, net {net}",
        "it": "Pacchetto orario {title}, {hours} h: {full}, sconto {discount}, netto {net}",
    },
    "line.carried": {
        "en": "From {month}",
        "it": "Da {month}",
    },
    "line.so_far": {
        "en": "({hours} = {whole}, billed {billed})",
        "it": "({hours} = {whole}, già fatturato {billed})",
    },
    "section.prepaid_package": {
        "en": "Hourly package",
        "it": "Pacchetto orario",
    },
    "section.postpaid_plan": {
        "en": "Support plan",
        "it": "Piano di assistenza",
    },
    "section.pay_as_you_go": {
        "en": "Pay as you go",
        "it": "A consumo",
    },
    "section.none": {
        "en": "Without a plan",
        "it": "Senza piano",
    },
    "footer.statement": {
        "en": "Support time tracking: {link}",
        "it": "Dettaglio delle ore: {link}",
    },
    "footer.statement_of": {
        "en": "Support time tracking, {name}: {link}",
        "it": "Dettaglio delle ore, {name}: {link}",
    },
    "footer.ask": {
        "en": "The itemised report of the time is sent on request.",
        "it": "Il dettaglio delle ore è inviato su richiesta.",
    },
    "footer.list": {
        "en": "The lines are grouped; every activity stands in the list {name}.csv.",
        "it": "Le righe sono raggruppate; ogni attività è nell'elenco {name}.csv.",
    },
    "footer.external": {
        "en": "This is a request for payment and not the tax invoice, which is issued separately.",
        "it": "Questa è una richiesta di pagamento e non una fattura ai fini fiscali, che viene "
        "emessa a parte.",
    },
    "footer.external_credit": {
        "en": "This is a notice of credit and not the tax credit note, which is issued separately.",
        "it": "Questo è un avviso di accredito e non una nota di credito ai fini fiscali, che "
        "viene emessa a parte.",
    },
    "line.late": {
        "en": "Adjustment for {month}: {line}",
        "it": "Rettifica per {month}: {line}",
    },
}

"""What a row with an open question is told, in its cell and below it (R41b, semantics 6.24).

Beside the other remarks and comments because there are many; the keys are of the same kinds.
"""

QUESTIONS: dict[str, dict[str, str]] = {
    "remark.question": {
        "en": "There is a question about this time: the answer is due by {due}.",
        "it": "C'è una domanda su questo tempo: la risposta è prevista entro {due}.",
    },
    "notice.question": {
        "en": "There is a question about the time on this row: the answer is due by {due}. Until it"
        " is settled nothing changes in what was charged.",
        "it": "C'è una domanda sul tempo di questa riga: la risposta è prevista entro {due}. Finché"
        " non è chiarita, quanto addebitato resta com'è.",
    },
    "remark.question.remind": {
        "en": "The question about this time is to be answered today, by {due}.",
        "it": "Alla domanda su questo tempo va risposto oggi, entro {due}.",
    },
    "notice.question.remind": {
        "en": "Reminder: the question about the time on this row is to be answered today, by"
        " {due}.",
        "it": "Promemoria: alla domanda sul tempo di questa riga va risposto oggi, entro {due}.",
    },
    "remark.question.late": {
        "en": "{due}: the answer to the question about this time was due by then.",
        "it": "{due}: la risposta alla domanda su questo tempo era prevista entro questo termine.",
    },
    "notice.question.late": {
        "en": "Second reminder: the question about the time on this row was to be answered by"
        " {due} and is still open.",
        "it": "Secondo promemoria: alla domanda sul tempo di questa riga andava risposto entro"
        " {due} ed è ancora aperta.",
    },
    "remark.answered": {
        "en": "The question about this time is answered: it waits for a word whether that is"
        " agreed.",
        "it": "Alla domanda su questo tempo è stato risposto: si attende un riscontro.",
    },
    "remark.answered.until": {
        "en": "The question about this time is answered: without an objection by {until} that is"
        " agreed.",
        "it": "Alla domanda su questo tempo è stato risposto: senza obiezioni entro {until} vale"
        " come accettata.",
    },
    "notice.answered.until": {
        "en": "The question about the time on this row is answered. Whoever does not agree can say"
        " so here by {until}; without an objection the answer counts as accepted.",
        "it": "Alla domanda sul tempo di questa riga è stato risposto. Chi non è d'accordo può"
        " dirlo qui entro {until}; senza obiezioni la risposta vale come accettata.",
    },
    "remark.answered.last": {
        "en": "The answer about this time counts as accepted today at {until}.",
        "it": "La risposta su questo tempo vale come accettata da oggi, {until}.",
    },
    "notice.answered.last": {
        "en": "Reminder: without an objection by {until} the answer about the time on this row"
        " counts as accepted.",
        "it": "Promemoria: senza obiezioni entro {until} la risposta sul tempo di questa riga vale"
        " come accettata.",
    },
    "remark.unanswered": {
        "en": "The question about this time is still to be answered: until then it stays open.",
        "it": "Alla domanda su questo tempo va ancora risposto: fino ad allora resta aperta.",
    },
    "notice.unanswered": {
        "en": "The question about the time on this row is still to be answered: until then it"
        " stays open, whatever the column shows.",
        "it": "Alla domanda sul tempo di questa riga va ancora risposto: fino ad allora resta"
        " aperta, qualunque cosa indichi la colonna.",
    },
    "remark.adjustment": {
        "en": "It is to be recorded how much of this time is charged: until then the question"
        " stays open.",
        "it": "Va registrato quanto di questo tempo si addebita: fino ad allora la domanda resta"
        " aperta.",
    },
    "notice.adjustment": {
        "en": "The column says that this time is to be corrected. How much of it is charged is to"
        " be recorded by the agency; until then the question stays open.",
        "it": "La colonna dice che questo tempo va corretto. Quanto se ne addebita va registrato"
        " dall'agenzia; fino ad allora la domanda resta aperta.",
    },
}

"""The texts on the board: remarks in the bridge's own cell, and comments (experience 4.3).

The agency speaks: the number first, then the next step; nobody is blamed, and no word of ours is in
it. A remark is one sentence for a cell. A comment, ``notice.…``, is for whoever must act. Hours are
written h:mm everywhere. A text with a second ending is for the case that the ending names.
"""
# ruff: noqa: RUF001 - a multiplication is written with its own sign

NOTICES: dict[str, dict[str, str]] = {
    "remark.estimate": {
        "en": "No estimate yet: once it is there, the work can go on.",
        "it": "Manca la stima: appena c'è, l'attività può proseguire.",
    },
    "remark.approval": {
        "en": "{charge} h: approval is needed.",
        "it": "{charge} h: serve l'approvazione.",
    },
    "remark.approval.other": {
        "en": "{charge} h to be charged (estimate {estimate} h): approval is needed.",
        "it": "{charge} h da addebitare (stima {estimate} h): serve l'approvazione.",
    },
    "remark.confirm": {
        "en": "{charge} h: please confirm; {hard} h are left, {free} h of them free.",
        "it": "{charge} h: serve la conferma; restano {hard} h, di cui {free} h libere.",
    },
    "notice.confirm": {
        "en": "{charge} h: please confirm. {hard} h are left, {reserved} h of them reserved and"
        " {free} h free; all the time together may later not be enough for the agreed"
        " work{at_risk}. To confirm, set the approval on this row.",
        "it": "{charge} h: serve la conferma. Restano {hard} h, di cui {reserved} h riservate e"
        " {free} h libere; il tempo complessivo potrebbe successivamente non bastare per le"
        " attività concordate{at_risk}. Per confermare si imposta l'approvazione su questa riga.",
    },
    "remark.confirm.short": {
        "en": "{charge} h: please confirm; {shortfall} h would be missing for the other work.",
        "it": "{charge} h: serve la conferma; mancherebbero {shortfall} h per le altre attività.",
    },
    "notice.confirm.short": {
        "en": "{charge} h: please confirm. {hard} h are left, {reserved} h of them reserved:"
        " {shortfall} h would be missing, and all the time together may later not be enough for"
        " the agreed work{at_risk}. To confirm, set the approval on this row; otherwise the"
        " estimate can be reduced or the package extended.",
        "it": "{charge} h: serve la conferma. Restano {hard} h, di cui {reserved} h riservate:"
        " mancherebbero {shortfall} h e il tempo complessivo potrebbe successivamente non bastare"
        " per le attività concordate{at_risk}. Per confermare si imposta l'approvazione su questa"
        " riga; in alternativa si riduce la stima o si amplia il pacchetto.",
    },
    "remark.confirm.more": {
        "en": "{charge} h: please confirm again; {shortfall} h would be missing for the other"
        " work.",
        "it": "{charge} h: serve una nuova conferma; mancherebbero {shortfall} h per le altre"
        " attività.",
    },
    "notice.confirm.more": {
        "en": "{charge} h instead of {given} h: please confirm. {hard} h are left, {reserved} h of"
        " them reserved: {shortfall} h would be missing, and all the time together may later not be"
        " enough for the agreed work{at_risk}. Until then it goes on with {given} h; to confirm,"
        " set the approval on this row again.",
        "it": "{charge} h invece di {given} h: serve la conferma. Restano {hard} h, di cui"
        " {reserved} h riservate: mancherebbero {shortfall} h e il tempo complessivo potrebbe"
        " successivamente non bastare per le attività concordate{at_risk}. Fino ad allora valgono"
        " {given} h; per confermare si imposta di nuovo l'approvazione.",
    },
    "notice.copy": {
        "en": "{used} h of {granted} h: the package is complete. The Excel copy with the list of"
        " activities is attached.",
        "it": "{used} h su {granted} h: il pacchetto è concluso. In allegato la copia Excel con"
        " l'elenco delle attività.",
    },
    "notice.copy.replaces": {
        "en": "{used} h of {granted} h: something was corrected after the end of the package. The"
        " attached Excel copy replaces the earlier one.",
        "it": "{used} h su {granted} h: dopo la fine del pacchetto c'è stata una correzione. La"
        " copia Excel allegata sostituisce la precedente.",
    },
    "board.closed": {"en": "{name} – closed", "it": "{name} – chiusa"},
    "notice.row": {"en": "“{title}”", "it": "«{title}»"},
    "notice.at_risk": {
        "en": " (at risk: {rows})",
        "it": " (a rischio: {rows})",
    },
    "notice.at_risk.more": {
        "en": " (at risk: {rows}; others: {count})",
        "it": " (a rischio: {rows}; altre: {count})",
    },
    "remark.residual": {
        "en": "{need} h are needed and {hard} h are left: {missing} h are missing.",
        "it": "Servono {need} h e ne restano {hard}: mancano {missing} h.",
    },
    "notice.residual": {
        "en": "{need} h are needed and {hard} h are left: {missing} h are missing. The work can"
        " start once the estimate is reduced or the package extended.",
        "it": "Servono {need} h e ne restano {hard}: mancano {missing} h. L'attività può partire"
        " dopo una riduzione della stima o con un nuovo pacchetto.",
    },
    "remark.residual.more": {
        "en": "{need} h are needed and {hard} h are left: {missing} h are missing; until then it"
        " goes on with {given} h.",
        "it": "Servono {need} h e ne restano {hard}: mancano {missing} h; fino ad allora valgono"
        " {given} h.",
    },
    "notice.residual.more": {
        "en": "{need} h are needed and {hard} h are left: {missing} h are missing. Until then the"
        " work goes on with {given} h; for more, the package is to be extended.",
        "it": "Servono {need} h e ne restano {hard}: mancano {missing} h. Fino ad allora valgono"
        " {given} h; per averne di più serve un nuovo pacchetto.",
    },
    "remark.limit": {
        "en": "{shortfall} h more than are free: the agreed limit is {limit} h.",
        "it": "{shortfall} h oltre il tempo libero: il limite concordato è di {limit} h.",
    },
    "notice.limit": {
        "en": "{shortfall} h more than are free, and the agreed limit is {limit} h. The work can"
        " start once the estimate is reduced or the package extended.",
        "it": "{shortfall} h oltre il tempo libero; il limite concordato è di {limit} h. L'attività"
        " può partire dopo una riduzione della stima o con un nuovo pacchetto.",
    },
    "remark.stale": {
        "en": "{covered} h are approved and the estimate is now {estimate} h: approval is needed"
        " again.",
        "it": "{covered} h approvate, la stima ora è di {estimate} h: serve una nuova"
        " approvazione.",
    },
    "notice.stale": {
        "en": "{covered} h are approved and the estimate is now {estimate} h: approval is needed"
        " again. The earlier one covers the first estimate only; to approve the new one, set the"
        " approval on this row again.",
        "it": "{covered} h approvate, la stima ora è di {estimate} h: serve una nuova"
        " approvazione. Quella precedente vale solo per la prima stima; per la nuova si imposta di"
        " nuovo l'approvazione su questa riga.",
    },
    "remark.stale.urgent": {
        "en": "{covered} h are approved and it is now {estimate} h × {factor} (urgent): approval is"
        " needed again.",
        "it": "{covered} h approvate, ora sono {estimate} h × {factor} (urgente): serve una nuova"
        " approvazione.",
    },
    "notice.stale.urgent": {
        "en": "{covered} h are approved and it is now {estimate} h × {factor} (urgent): approval is"
        " needed again. To give it, set the approval on this row again.",
        "it": "{covered} h approvate, ora sono {estimate} h × {factor} (urgente): serve una nuova"
        " approvazione. Per darla si imposta di nuovo l'approvazione su questa riga.",
    },
    "remark.unverified": {
        "en": "The client's own approval is needed; so far it was set by {actor}.",
        "it": "Serve l'approvazione del cliente; per ora risulta impostata da {actor}.",
    },
    "notice.unverified": {
        "en": "The client's own approval is needed: the one on this row was set by {actor}. It"
        " counts as soon as the client sets it from their own account.",
        "it": "Serve l'approvazione del cliente: quella su questa riga risulta impostata da"
        " {actor}. Vale appena il cliente la imposta dal proprio account.",
    },
    "remark.unverified.unknown": {
        "en": "The client's own approval is needed: it is not known who set this one.",
        "it": "Serve l'approvazione del cliente: non risulta chi ha impostato quella attuale.",
    },
    "notice.unverified.unknown": {
        "en": "The client's own approval is needed: it is not known who set the one on this row."
        " It counts as soon as the client sets it from their own account.",
        "it": "Serve l'approvazione del cliente: non risulta chi ha impostato quella su questa"
        " riga. Vale appena il cliente la imposta dal proprio account.",
    },
    "remark.unverified.counted": {
        "en": "Approval set by {actor}: the client's own is to follow.",
        "it": "Approvazione impostata da {actor}: resta da avere quella del cliente.",
    },
    "remark.unverified.counted.unknown": {
        "en": "It is not known who set the approval: the client's own is to follow.",
        "it": "Non risulta chi ha impostato l'approvazione: resta da avere quella del cliente.",
    },
    "remark.checking": {
        "en": "The approval is being checked: there is nothing to do.",
        "it": "L'approvazione è in verifica: non serve fare nulla.",
    },
    "remark.rejected": {
        "en": "Not approved: the work does not start.",
        "it": "Non approvata: l'attività non parte.",
    },
    "remark.proof": {
        "en": "To be filled in: {missing}.",
        "it": "Da completare: {missing}.",
    },
    "proof.reference": {
        "en": "the request it belongs to",
        "it": "richiesta di riferimento",
    },
    "proof.requester": {
        "en": "who asked for it",
        "it": "richiedente",
    },
    "proof.service": {
        "en": "type of service",
        "it": "tipo di servizio",
    },
    "proof.twin": {
        "en": "a request of its own: one is on another row",
        "it": "una richiesta propria: questa è già su un'altra riga",
    },
    "proof.agreement": {
        "en": "with whom it was agreed",
        "it": "con chi è stata concordata",
    },
    "remark.start": {
        "en": "{reason}; then the work can go on.",
        "it": "{reason}; poi l'attività può proseguire.",
    },
    "notice.start": {
        "en": "{reason}. The work has been marked as begun: it goes on as soon as this is settled.",
        "it": "{reason}. L'attività risulta già avviata: prosegue appena questo punto è risolto.",
    },
    "why.estimate": {
        "en": "An estimate is needed",
        "it": "Serve la stima",
    },
    "why.approval": {
        "en": "Approval is needed",
        "it": "Serve l'approvazione",
    },
    "why.confirm": {
        "en": "Confirmation is needed",
        "it": "Serve la conferma",
    },
    "why.residual": {
        "en": "{need} h are needed and {hard} h are left: {missing} h are missing",
        "it": "Servono {need} h e ne restano {hard}: mancano {missing} h",
    },
    "why.limit": {
        "en": "The hours are beyond the agreed limit: a smaller estimate or more hours are needed",
        "it": "Le ore superano il limite concordato: serve una stima minore o un nuovo pacchetto",
    },
    "why.stale": {
        "en": "The estimate has risen: approval is needed again",
        "it": "La stima è aumentata: serve una nuova approvazione",
    },
    "why.unverified": {
        "en": "The client's own approval is needed",
        "it": "Serve l'approvazione del cliente",
    },
    "why.checking": {
        "en": "The approval is being checked",
        "it": "L'approvazione è in verifica",
    },
    "why.rejected": {
        "en": "It was not approved",
        "it": "Non è stata approvata",
    },
    "why.proof": {
        "en": "Details of the request are needed",
        "it": "Servono i dati della richiesta",
    },
    "why.other": {
        "en": "A go-ahead is needed",
        "it": "Serve il via libera",
    },
    "remark.blocked": {
        "en": "{need} h are needed to start and {hard} h are left: {missing} h are missing.",
        "it": "Servono {need} h per iniziare e ne restano {hard}: mancano {missing} h.",
    },
    "notice.blocked": {
        "en": "{need} h are needed to start and {hard} h are left: {missing} h are missing. The"
        " approval stays valid; the work can start once the estimate is reduced or the package"
        " extended.",
        "it": "Servono {need} h per iniziare e ne restano {hard}: mancano {missing} h."
        " L'approvazione resta valida; l'attività può partire dopo una riduzione della stima o con"
        " un nuovo pacchetto.",
    },
    "remark.minor": {
        "en": "{charge} h, started automatically (up to {limit} h).",
        "it": "{charge} h, attivata automaticamente (entro {limit} h).",
    },
    "remark.evidence": {
        "en": "Urgent, with no request in writing so far: charged as ordinary work.",
        "it": "Urgente, per ora senza richiesta scritta: addebitata come attività ordinaria.",
    },
    "remark.raise": {
        "en": "{then} h instead of {now} h because urgent: approval is needed.",
        "it": "{then} h invece di {now} h perché urgente: serve l'approvazione.",
    },
    "notice.raise": {
        "en": "{then} h instead of {now} h because urgent: approval is needed. Until then it goes"
        " on as ordinary work; to approve, set the approval on this row again.",
        "it": "{then} h invece di {now} h perché urgente: serve l'approvazione. Fino ad allora"
        " prosegue come attività ordinaria; per approvare si imposta di nuovo l'approvazione su"
        " questa riga.",
    },
    "remark.frozen": {
        "en": "{now} h charged as ordinary work: it was marked urgent after the end of its month.",
        "it": "{now} h addebitate come attività ordinaria: l'urgenza è stata indicata a mese"
        " concluso.",
    },
    "remark.urgent": {
        "en": "Urgent: {worked} h × {factor} = {charge} h charged.",
        "it": "Urgente: {worked} h × {factor} = {charge} h addebitate.",
    },
    "remark.overrun": {
        "en": "{worked} h worked, {estimate} h approved: {over} h more.",
        "it": "{worked} h effettive su {estimate} h approvate: {over} h in più.",
    },
    "remark.overrun.unfunded": {
        "en": "{worked} h worked, {estimate} h approved: {unfunded} h are not covered yet.",
        "it": "{worked} h effettive su {estimate} h approvate: {unfunded} h non ancora coperte.",
    },
    "notice.overrun.unfunded": {
        "en": "{worked} h worked, {estimate} h approved: {unfunded} h are not covered by the"
        " package and are held until it is agreed how to go on, for instance with a new package.",
        "it": "{worked} h effettive su {estimate} h approvate: {unfunded} h non sono coperte dal"
        " pacchetto e restano in sospeso finché non si concorda come procedere, per esempio con un"
        " nuovo pacchetto.",
    },
    "remark.twin": {
        "en": "The same request stands on “{other}”: please check that it is not entered twice.",
        "it": "La stessa richiesta è già su «{other}»: da verificare che non sia doppia.",
    },
    "notice.twin": {
        "en": "The same request stands on “{other}”. Each request has one row: please check that"
        " it is not entered twice.",
        "it": "La stessa richiesta è già su «{other}». A ogni richiesta corrisponde una riga: da"
        " verificare che non sia doppia.",
    },
    "remark.flood": {
        "en": "{count} small extras of one request in one day: to be looked at together.",
        "it": "{count} piccoli extra della stessa richiesta in un giorno: da valutare insieme.",
    },
    "remark.replaced": {
        "en": "Replaced by “{other}”.",
        "it": "Sostituita da «{other}».",
    },
    "remark.due": {
        "en": "{day}: the agreed date has passed.",
        "it": "{day}: la data concordata è passata.",
    },
    "notice.due": {
        "en": "{day}: the agreed date has passed and the work is still open. A new date is to be"
        " agreed and entered on this row.",
        "it": "{day}: la data concordata è passata e l'attività è ancora aperta. La nuova data va"
        " concordata e inserita su questa riga.",
    },
    "remark.passed": {
        "en": "{day}: the planned date has passed; it may be moved.",
        "it": "{day}: la data prevista è passata; si può spostare.",
    },
    "remark.late": {
        "en": "{due}: it was to be taken in charge by then.",
        "it": "{due}: la presa in carico era prevista entro questo termine.",
    },
    "remark.parked": {
        "en": "A cell of this row is to be corrected: until then everything stays as it was.",
        "it": "Un dato di questa riga è da correggere: fino ad allora resta tutto com'era.",
    },
    "remark.undocumented": {
        "en": "Marked as a bug, not documented yet: charged as ordinary work until the column of"
        " its documentation is filled.",
        "it": "Segnata come difetto, non ancora documentata: addebitata come attività ordinaria"
        " finché non si compila la colonna della documentazione.",
    },
    "notice.baseline": {
        "en": "{total} h are agreed and the package has {granted} h: together they do not fit. It"
        " is to be decided what comes first, or whether to extend the package.",
        "it": "{total} h concordate e {granted} h nel pacchetto: tutte insieme non ci stanno. Resta"
        " da decidere che cosa viene prima o se ampliare il pacchetto.",
    },
    "notice.used": {
        "en": "{percent} % of the package is used: {used} h of {granted} h; {left} h are left.",
        "it": "{percent} % del pacchetto utilizzato: {used} h su {granted} h; restano {left} h.",
    },
    "notice.used.whole": {
        "en": "{used} h of {granted} h: the package is used up. Further work needs a new package.",
        "it": "{used} h su {granted} h: il pacchetto è esaurito. Per altre attività serve un nuovo"
        " pacchetto.",
    },
    "notice.expiry": {
        "en": "{left} h are to be used within {days} days: after that they expire.",
        "it": "{left} h da utilizzare entro {days} giorni: poi scadono.",
    },
    "notice.expiry.last": {
        "en": "{left} h are to be used by tomorrow at the latest: after that they expire.",
        "it": "{left} h da utilizzare al più tardi entro domani: poi scadono.",
    },
    "notice.settled": {
        "en": "✓ Settled: there is nothing more to do.",
        "it": "✓ Risolto: non serve altro.",
    },
}

"""The texts of mails: the start of a package, and its end.

They stand in pages too, so they hold no sign that a page would read; the arguments are made safe
where the page is made. The Italian one addresses nobody by pronoun: formal, and neutral.
"""

MAILS: dict[str, dict[str, str]] = {
    "mail.greeting": {
        "en": "Hello,",
        "it": "Buongiorno,",
    },
    "mail.greeting.named": {
        "en": "Hello {name},",
        "it": "Buongiorno {name},",
    },
    "mail.regards": {
        "en": "Kind regards",
        "it": "Cordiali saluti",
    },
    "mail.signature": {
        "en": "{agency}",
        "it": "{agency}",
    },
    "mail.onboarding.subject": {
        "en": "{title}: the dashboard is ready",
        "it": "{title}: la dashboard è pronta",
    },
    "mail.onboarding.begun": {
        "en": "The hourly package “{title}” has begun and its dashboard is open on monday.com. "
        "{agency} plans the work there and records the time spent: what has been done, and what "
        "is still to come, can be seen at any moment.",
        "it": "il pacchetto orario «{title}» è iniziato e la sua dashboard è aperta su monday.com. "
        "{agency} vi pianifica il lavoro e vi registra il tempo impiegato: in ogni momento si vede "
        "che cosa è stato fatto e che cosa resta da fare.",
    },
    "mail.onboarding.address": {
        "en": "The dashboard is at {board_url}",
        "it": "La dashboard si trova all'indirizzo {board_url}",
    },
    "mail.onboarding.shown": {
        "en": "What the dashboard shows of each activity",
        "it": "Che cosa mostra la dashboard di ogni attività",
    },
    "mail.onboarding.shown.1": {
        "en": "what it is about: the activities agreed at the start, and those added later",
        "it": "di che cosa si tratta: le attività concordate all'avvio e quelle aggiunte dopo",
    },
    "mail.onboarding.shown.2": {
        "en": "who takes care of it",
        "it": "chi se ne occupa",
    },
    "mail.onboarding.shown.3": {
        "en": "how far the work has come, kept up to date by {agency}",
        "it": "a che punto è il lavoro, con lo stato aggiornato da {agency}",
    },
    "mail.onboarding.shown.4": {
        "en": "whether it is approved or not, which is for the client to say",
        "it": "se è approvata o non approvata: una scelta che spetta al cliente",
    },
    "mail.onboarding.shown.5": {
        "en": "how much time it is estimated to take",
        "it": "quanto tempo si stima che serva",
    },
    "mail.onboarding.shown.6": {
        "en": "how much time it really took",
        "it": "quanto tempo è servito davvero",
    },
    "mail.onboarding.shown.7": {
        "en": "the date by which it will be finished, fixed or flexible as agreed",
        "it": "la data entro cui sarà finita, rigida o flessibile secondo gli accordi",
    },
    "mail.onboarding.access": {
        "en": "How to register and get in",
        "it": "Come registrarsi e accedere",
    },
    "mail.onboarding.access.1": {
        "en": "monday.com sends an invitation of its own to {guest}: open it and accept it.",
        "it": "monday.com manda un invito separato a {guest}: basta aprirlo e accettarlo.",
    },
    "mail.onboarding.access.2": {
        "en": "Register with that same address, with a name and a password of choice.",
        "it": "La registrazione va fatta con lo stesso indirizzo, con nome e password a scelta.",
    },
    "mail.onboarding.access.3": {
        "en": "From then on the dashboard opens at the address above.",
        "it": "Da quel momento la dashboard si apre all'indirizzo indicato sopra.",
    },
    "mail.onboarding.access.help": {
        "en": "If the invitation is not to be found, not even among unwanted mail, please write "
        "to {contact}.",
        "it": "Se l'invito non si trova, nemmeno nella posta indesiderata, basta scrivere "
        "all'indirizzo {contact}.",
    },
    "mail.onboarding.first": {
        "en": "The first thing to do",
        "it": "La prima cosa da fare",
    },
    "mail.onboarding.first.approve": {
        "en": "The estimated times need an answer: please mark each activity in the dashboard as "
        "approved or not approved. What is approved can start; the rest waits.",
        "it": "I tempi stimati aspettano una risposta: per ogni attività serve indicare nella "
        "dashboard se è approvata o non approvata. Ciò che è approvato può partire; il resto "
        "aspetta.",
    },
    "mail.onboarding.requests": {
        "en": "New requests",
        "it": "Nuove richieste",
    },
    "mail.onboarding.requests.how": {
        "en": "Please write to {contact}, with one request in each e-mail.",
        "it": "Basta scrivere all'indirizzo {contact}, con una sola richiesta per ogni e-mail.",
    },
    "mail.onboarding.requests.urgent": {
        "en": "If a request is urgent, say so in the e-mail: urgent work uses {factor} times the "
        "time it really takes.",
        "it": "Se una richiesta è urgente, va detto nell'e-mail: il lavoro urgente consuma "
        "{factor} volte il tempo effettivo.",
    },
    "mail.closing.subject": {
        "en": "{title}: the package has ended, here is the Excel copy",
        "it": "{title}: il pacchetto è concluso, ecco la copia Excel",
    },
    "mail.closing.ended": {
        "en": "The hourly package “{title}” has come to its end. These are its hours:",
        "it": "il pacchetto orario «{title}» è arrivato al termine. Queste sono le sue ore:",
    },
    "mail.closing.granted": {
        "en": "hours of the package",
        "it": "ore del pacchetto",
    },
    "mail.closing.used": {
        "en": "hours used",
        "it": "ore utilizzate",
    },
    "mail.closing.left": {
        "en": "hours left",
        "it": "ore residue",
    },
    "mail.closing.file": {
        "en": "The attached file {file} is the copy to keep. It lists every activity done, with "
        "the time estimated, the time it really took and the time used; and, on another sheet, "
        "what was not done.",
        "it": "Il file allegato {file} è la copia da conservare. Elenca ogni attività svolta, con "
        "il tempo stimato, quello effettivo e quello utilizzato; e, su un altro foglio, ciò che "
        "non è stato svolto.",
    },
    "mail.closing.urgent": {
        "en": "Where the work was urgent, the time used is {factor} times the time it took.",
        "it": "Se il lavoro era urgente, il tempo utilizzato è {factor} volte quello effettivo.",
    },
    "mail.closing.board": {
        "en": "The dashboard closes now: no more activities are entered in it.",
        "it": "La dashboard ora si chiude: non vi si inseriscono altre attività.",
    },
    "mail.closing.questions": {
        "en": "For a question about a line, or for a new package, please write to {contact}.",
        "it": "Per una domanda su una riga, o per un nuovo pacchetto, basta scrivere all'indirizzo "
        "{contact}.",
    },
}

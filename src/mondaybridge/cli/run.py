"""``run``: the service in one process, receiver and loop, until it is told to stop."""

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say
from mondaybridge.cli.start import start


def run() -> None:
    """Receive webhooks, read boards, keep the ledger, plan documents, until stopped."""
    import signal
    import threading

    from mondaybridge.runners.local import loop, obstacles, only_one
    from mondaybridge.settings import require_hook_secret
    from mondaybridge.store.inbox import GroupCommit
    from mondaybridge.store.paper_hints import PaperInbox
    from mondaybridge.web import documents, stripe_hooks
    from mondaybridge.web.hooks import application
    from mondaybridge.web.server import serve
    from mondaybridge.workflows.addresses import leads_to
    from mondaybridge.workflows.binding import meet_stripe

    settings = start()
    hook_secret = require_hook_secret(settings)
    signing = settings.monday.signing_secret
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with only_one(settings.data_dir), opened() as app:
        meet_stripe(app)
        timing = app.mapping.timing
        inbox = GroupCommit(
            app.store, debounce_ms=timing.debounce_s * 1000, max_wait_ms=timing.max_wait_s * 1000
        )
        papers = PaperInbox(app.store)
        web = application(
            hook_secret=hook_secret,
            signing_secret=signing.get_secret_value() if signing else "",
            boards=lambda: app.mapping.board_ids,
            remember=inbox.remember,
            clock=app.clock,
            public_url=settings.public_url,
            obstacles=lambda: obstacles(app),
        )
        web.router.routes.extend(documents.routes(lambda token: leads_to(app, token), app.clock))
        secrets = settings.stripe.webhook_secrets
        web.router.routes.extend(stripe_hooks.routes(secrets, papers.remember, app.clock))
        with serve(web, host=settings.host, port=settings.port) as server:
            say(f"listening on {server.url}")
            loop(app, stop)
            say("stopping")
        inbox.close()
        papers.close()

from mondaybridge.store import webhooks
from mondaybridge.store.engine import Store
from mondaybridge.store.webhooks import WebhookRow


def test_a_subscription_is_known_until_it_is_forgotten(store: Store) -> None:
    first = WebhookRow("9", "100", "create_item", "a")
    second = WebhookRow("8", "100", "change_name", "a")
    with store.write() as tx:
        for one in (first, second, first):
            webhooks.save(tx, one)
        assert webhooks.known(tx) == [second, first]
        webhooks.forget(tx, "9")
        assert webhooks.known(tx) == [second]

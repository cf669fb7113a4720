"""Tickets, calls and messages: the domain and its store.

Nothing is imported here, so that whoever needs only a `CallFact` does not pay for SQLAlchemy. The doors:

| module | what it offers |
| --- | --- |
| `tickets.database.store` | `Store`: the database, transactions, liveness, schema |
| `tickets.vocabulary` | the closed sets: channel, kind, status, outcome, message direction and state |
| `tickets.ticketing` | open a ticket, find it, list them, change its status |
| `tickets.calls.facts`, `tickets.calls.merging` | what somebody saw of a call; merged into one call and one ticket |
| `tickets.messages.inbox`, `tickets.messages.parts` | messages that came, dead ones, parts of long ones |
| `tickets.messages.outbox`, `tickets.messages.reports` | messages that go out, and what the network reports of them |
| `tickets.messages.lookup` | messages of both directions: find, list |
| `tickets.views` | what the outside sees of each, with its JSON |
| `tickets.errors` | what can go wrong, and whether to try again |
"""

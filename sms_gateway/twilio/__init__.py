"""The second channel: SMS and WhatsApp by Twilio, in by webhook, out by its REST API.

| module | what it does |
| --- | --- |
| `form`, `signature` | what Twilio posts, and whether it was Twilio |
| `record` | a post as it lies in the stream between web and worker |
| `message`, `arriving`, `receipts` | what a post says: a citizen's message, what became of one of ours |
| `intake` | from record to ticket and reply, or to a message's new state |
| `api`, `http`, `errors` | the REST API: with time-outs, on the configured server, each error with its decision |
| `sender`, `line` | what goes out, and the thread that sends it |
| `reconciliation` | what no webhook brought |
"""

LINE = "twilio"
"""The name under which messages wait for it, beside those of the modems."""

"""Ways to readers, one file each; they do not know one another.

Promise: one message to one endpoint a call; the same message and key may be sent again safely
wherever the receiver's protocol allows it; no secret in any text, repr or error.
May import: `deliver.channels.base`, renderers, and the one library that speaks the protocol.
To add a channel, see `g7warn.deliver`.
"""

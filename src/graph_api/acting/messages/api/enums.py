"""Enums of messages, as the contract names and describes them."""

from graph_api.acting.messages.model import MessageAudience, ThreadStatus
from graph_api.shapes.enums import show

show(
    MessageAudience,
    "MessageAudience",
    "Who can read a conversation besides staff",
    SHARED="The client, and every contact who may read secure messages",
    CLIENT_ONLY="The client's own account, and no contact",
    CONTACT_ONLY="One contact; neither the client nor other contacts",
)
show(
    ThreadStatus,
    "ThreadStatus",
    "Whether staff still have something to do in a conversation",
    OPEN="Something is left to do",
    DONE="Nothing is left to do; a new message from a portal account opens it again",
)

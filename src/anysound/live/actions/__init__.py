"""What is done about an event, without ever holding up the listening."""

from anysound.live.actions.command import CommandAction
from anysound.live.actions.dispatch import Actions, Reaction
from anysound.live.actions.webhook import WebhookAction

__all__ = ["Actions", "CommandAction", "Reaction", "WebhookAction"]

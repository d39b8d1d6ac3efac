import { SHIPPED_ACTIONS } from "../../../flows/actions/shipped.ts";
import { PARTICIPANT_ID } from "../editor-chat/participant-id.ts";

/** `contributes.chatParticipants`: one, with the twelve actions as slash commands. */
export function chatParticipants(text: (key: string, english: string) => string): readonly object[] {
  return [
    {
      id: PARTICIPANT_ID,
      name: "aksara",
      fullName: "Aksara",
      description: text(
        "participant.description",
        "Ask about the models, routes, queries and migrations of this backend",
      ),
      isSticky: true,
      commands: SHIPPED_ACTIONS.map((action) => ({
        name: action.key,
        description: text(`participant.${action.key}`, action.description),
      })),
    },
  ];
}

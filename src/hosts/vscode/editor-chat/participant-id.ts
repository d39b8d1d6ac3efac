/** Id of `@aksara`; the manifest contributes the participant under it. */
export const PARTICIPANT_ID = "aksara-studio.agent";

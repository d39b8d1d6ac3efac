/** A step of the walkthrough on VS Code's welcome page. Texts are English; translated through package.nls.json. */
export interface WalkthroughStep {
  readonly id: string;
  readonly title: string;
  /** Markdown; a line with a single command link becomes a button. */
  readonly description: string;
  /** Path without its end: `-dark.png` and `-light.png` are there. `npm run pictures` takes them. */
  readonly image: string;
  readonly altText: string;
  /** What ticks the step off. */
  readonly completionEvents: readonly string[];
}

export const WALKTHROUGH = {
  id: "aksara.start",
  title: "Get Started with Aksara Studio",
  description: "Facts about your backend, ready for a language model.",
} as const;

export const WALKTHROUGH_STEPS: readonly WalkthroughStep[] = [
  {
    id: "catalog",
    title: "See what your backend consists of",
    description:
      "Aksara Studio reads the open folder: models, routes, queries, migrations and issues. Nothing is sent anywhere.\n[Show Models](command:aksara.models.focus)",
    image: "media/walkthrough/trees",
    altText:
      "The trees of a backend: models, routes with a lock where a guard refuses strangers, migrations marked where they drop data",
    completionEvents: ["onView:aksara.models"],
  },
  {
    id: "pack",
    title: "Build a prompt pack",
    description:
      "Put the cursor in a model, a route, a query or a migration and choose **Aksara** in its context menu. The panel shows the facts, the prompts to copy and the source of each fact.\n[Run Action…](command:aksara.runAction)",
    image: "media/walkthrough/menu",
    altText: "The submenu Aksara in the context menu of an editor, with the actions that fit the cursor",
    completionEvents: ["onCommand:aksara.runAction", "onCommand:aksara.flow.explain_model"],
  },
  {
    id: "hub",
    title: "Run it, if you like",
    description:
      "With a key of a provider, or a model on this machine, a pack can be run from the panel. Without one it can be copied.\n[Open AI Hub](command:aksara.openHub)",
    image: "media/walkthrough/hub",
    altText: "The AI Hub with the providers that can be set up, beside the panel with a prompt pack",
    completionEvents: ["onCommand:aksara.openHub"],
  },
];

/** What is said of a key frame that shows contrast agent, and is the one of the paper's rule. */
export const assessed = { assessed: true, reason: null, ruleFrame: null } as const;

/** The assessment of a key frame that shows contrast agent and is that of the paper's rule. */
export const assessed = { assessed: true, reason: null, ruleFrame: null } as const;

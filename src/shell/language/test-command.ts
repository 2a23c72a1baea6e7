import type { TestExpression } from "unbash";
import { binaryTest, unaryTest } from "../builtins/test";
import { type Expander, expandPattern, expandText } from "./expand";
import { ExpansionError } from "./expansion-error";
import { matchesPattern } from "./patterns";

/** `[[ … ]]` */
export async function evaluateTest(expression: TestExpression, shell: Expander): Promise<boolean> {
  switch (expression.type) {
    case "TestGroup":
      return evaluateTest(expression.expression, shell);
    case "TestNot": {
      const holds = await evaluateTest(expression.operand, shell);
      return expression.negations.length % 2 === 0 ? holds : !holds;
    }
    case "TestLogical": {
      const decisive = expression.operator === "||";
      for (const operand of expression.operands)
        if ((await evaluateTest(operand, shell)) === decisive) return decisive;
      return !decisive;
    }
    case "TestUnary":
      return unaryTest(expression.operator, await expandText(expression.operand, shell), shell);
    case "TestBinary": {
      const left = await expandText(expression.left, shell);
      const { operator } = expression;
      if (operator === "==" || operator === "=" || operator === "!=") {
        const same = matchesPattern(left, await expandPattern(expression.right, shell));
        return operator === "!=" ? !same : same;
      }
      const right = await expandText(expression.right, shell);
      if (operator !== "=~") return binaryTest(left, operator, right, shell);
      try {
        return new RegExp(right).test(left);
      } catch {
        throw new ExpansionError(`[[: invalid regular expression \`${right}'`);
      }
    }
  }
}

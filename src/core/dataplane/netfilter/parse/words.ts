import { RuleError } from "./rule-error";

/** Source: iptables xshared.h, MAX_ARGC and XT_PARAM_BUF. */
const MAX_WORDS = 255;
const MAX_WORD_CHARACTERS = 1_023;

/** Splits a line as iptables-restore does: at blanks, except between double quotes, where a backslash takes the next
 *  character as it is. A closing quote ends the word. Source: iptables xshared.c, add_param_to_argv. */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let isQuoted = false;
  let isEscaped = false;
  const end = () => {
    if (words.length >= MAX_WORDS) throw new RuleError("Parser cannot handle more arguments");
    words.push(word);
    word = "";
  };
  for (const character of line) {
    if (isEscaped) {
      word += character;
      isEscaped = false;
    } else if (isQuoted) {
      if (character === "\\") isEscaped = true;
      else if (character === '"') {
        isQuoted = false;
        end();
      } else word += character;
    } else if (character === '"') isQuoted = true;
    else if (character !== " " && character !== "\t") word += character;
    else if (word !== "") end();
    if (word.length > MAX_WORD_CHARACTERS) throw new RuleError("Parameter too long!");
  }
  if (isQuoted) throw new RuleError('a closing quote (") is missing');
  if (word !== "") end();
  return words;
}

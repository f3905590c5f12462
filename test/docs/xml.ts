// A small reader of XML that refuses what is not well-formed: enough for the diagram, which uses elements, attributes and
// the five predefined entities, and no text between elements that matters.

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, entities replaced, trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*"[^"<]*")*)\s*(\/?)>|[^<]+/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"<]*)"/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Throws a sentence with the offset where the text is not well-formed. */
export function parseXml(text: string): XmlElement {
  const top: OpenElement = { name: "", attributes: {}, children: [], text: "" };
  const open: OpenElement[] = [top];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) throw new Error(`offset ${at}: neither a tag nor text: ${text.slice(at, at + 40)}`);
    readToken(token, open, at);
    at = TOKEN.lastIndex;
  }
  const [root, ...more] = top.children;
  if (open.length !== 1) throw new Error(`not closed: ${open.at(-1)?.name}`);
  if (root === undefined || more.length > 0 || top.text.trim() !== "") throw new Error("expected exactly one root");
  return root;
}

function readToken(token: RegExpExecArray, open: OpenElement[], at: number): void {
  const [whole, slash = "", name = "", attributes = "", empty = ""] = token;
  const parent = open.at(-1);
  if (parent === undefined) throw new Error(`offset ${at}: after the end`);
  if (whole.startsWith("<?") || whole.startsWith("<!--")) return;
  if (!whole.startsWith("<")) parent.text += unescapeXml(whole, at);
  else if (slash === "") openElement({ name, attributes: attributesOf(attributes, at), children: [], text: "" });
  else closeElement();

  function openElement(element: OpenElement): void {
    parent?.children.push(element);
    if (empty === "") open.push(element);
  }
  function closeElement(): void {
    if (open.length === 1 || parent?.name !== name)
      throw new Error(`offset ${at}: </${name}> closes <${parent?.name}>`);
    open.pop();
  }
}

function attributesOf(text: string, at: number): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, unescapeXml(value, at)] as const);
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`offset ${at}: an attribute twice`);
  return Object.fromEntries(pairs);
}

function unescapeXml(text: string, at: number): string {
  return text.replaceAll(/&([^;]{0,8};?)/g, (whole, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (character === undefined || !name.endsWith(";")) throw new Error(`offset ${at}: unknown entity ${whole}`);
    return character;
  });
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** The element and everything under it, in document order. */
export function allElements(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap((child) => allElements(child))];
}

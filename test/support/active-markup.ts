import { defaultTreeAdapter as tree, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

// Elements that run, load or embed something, submit something, or change how the rest of the page is read.
const ACTIVE_ELEMENTS = new Set(
  ['script', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'base', 'link', 'meta', 'style', 'form']
    .concat(['animate', 'animatetransform', 'animatemotion', 'set', 'foreignobject', 'portal', 'noscript'])
    .concat(['button', 'input', 'textarea', 'select', 'video', 'audio', 'source', 'template']),
);
const URL_ATTRIBUTES = new Set([
  'href',
  'xlink:href',
  'src',
  'srcdoc',
  'action',
  'formaction',
  'data',
  'background',
  'to',
]);
const ACTIVE_URL = /^(javascript|data|vbscript):/i;

/** What a page would run or load that puts the text into `innerHTML`; empty when it is harmless (CHAT-7). */
export function activeMarkup(text: string): string[] {
  return activeParts(parseFragment(text));
}

function activeParts(node: Node): string[] {
  const own = tree.isElementNode(node) ? activePartsOf(node) : [];
  const children = 'childNodes' in node ? node.childNodes.flatMap(activeParts) : [];
  const content = 'content' in node ? activeParts(node.content) : [];
  return [...own, ...children, ...content];
}

function activePartsOf({ tagName, attrs }: DefaultTreeAdapterTypes.Element): string[] {
  const attributes = attrs.filter(isActive).map(({ name, value }) => `${name}="${value}"`);
  return ACTIVE_ELEMENTS.has(tagName.toLowerCase()) ? [`<${tagName}>`, ...attributes] : attributes;
}

function isActive({ name, value }: { name: string; value: string }): boolean {
  const attribute = name.toLowerCase();
  if (attribute.startsWith('on') || attribute === 'style') return true;
  // Browsers skip white space and controls in front of, and line breaks and tabs within, the scheme.
  const url = value.replace(/[\s\p{Cc}]/gu, '');
  return URL_ATTRIBUTES.has(attribute) && ACTIVE_URL.test(url);
}

import type { TriedType } from './dialect.ts';

const year = '(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})';
const day = `${year}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`;
const minutes = '([01][0-9]|2[0-3]):[0-5][0-9]';
/** Whole microseconds: what is finer would be cut off, by every engine in a way of its own. */
const seconds = ':[0-5][0-9]([.][0-9]{1,6}0{0,3})?';
const zone = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)';

/**
 * How a value of a type is written, without blanks around it, in the syntax that every engine's regular expressions share;
 * engines would take more, and not the same: `0.5` as a whole number, `007` as 7, `t` as true, `infinity` as a date.
 */
export const textForms: Readonly<Record<TriedType, string>> = {
  boolean: '^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$',
  integer: '^[+-]?(0|[1-9][0-9]*)$',
  number:
    '^[+-]?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,4})?$|^[+-]?([Ii][Nn][Ff]|[Ii][Nn][Ff][Ii][Nn][Ii][Tt][Yy]|[Nn][Aa][Nn])$',
  date: `^${day}$`,
  time: `^${minutes}(${seconds})?$`,
  timestamp: `^${day}[T ]${minutes}(${seconds}${zone}?)?$`,
};

/** A number that is written in more characters than these is none. */
export const longestNumber = 400;

/** The blanks that may stand around a value: the separators of Unicode (Zs). Tabs and line ends are none. */
export const blanks =
  ' \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000';

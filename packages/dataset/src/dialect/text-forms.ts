import type { TriedType } from './dialect.ts';

/**
 * How a value of a type is written, without blanks around it, in the syntax that every engine's regular expressions share;
 * engines would take more, and not the same: `0.5` as a whole number, `007` as 7, `t` as true, `infinity` as a date.
 */
export const textForms: Readonly<Record<TriedType, string>> = {
  boolean: '^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$',
  integer: '^[+-]?(0|[1-9][0-9]*)$',
  number:
    '^[+-]?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?([Ii][Nn][Ff]|[Ii][Nn][Ff][Ii][Nn][Ii][Tt][Yy]|[Nn][Aa][Nn])$',
  date: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  time: '^[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?$',
  timestamp:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?$',
};

/// L00xx: characters that form no token.
extension DiagnosticCode {
  package static let lexing: [DiagnosticCode] = [
    unexpectedCharacter, unterminatedComment, unterminatedString, numberTooLarge,
    malformedNumber, invalidEscape, foreignSpelling,
  ]

  package static let unexpectedCharacter = DiagnosticCode(
    "L0001",
    "a character that begins no token",
    """
    A spec is written in ASCII outside of comments and strings. Names are made of the
    letters a-z and A-Z, digits and '_'; operators are those listed in
    docs/language.md. Anything else, such as '@', '#', a letter with an accent or a
    blank that only looks like one, is an error.

      var größe: 0...3          // error: 'größe' is not a name
      var size: 0...3           // fine

    Way out: spell the name in ASCII, or delete the character.
    """
  )

  package static let unterminatedComment = DiagnosticCode(
    "L0002",
    "a '/*' without its '*/'",
    """
    A comment that begins with '/*' goes on to the matching '*/'. Comments nest: a
    '/*' inside needs a '*/' of its own. Without the last one the rest of the file
    is comment.

      /* outer /* inner */      // error: one '*/' is missing

    Way out: close the comment, or begin each line with '//'.
    """
  )

  package static let unterminatedString = DiagnosticCode(
    "L0003",
    "a string that does not end on its line",
    """
    A string begins and ends with '"' on one line.

      import "common.linger     // error: the closing quote is missing
      import "common.linger"    // fine

    Way out: add the closing quote.
    """
  )

  package static let numberTooLarge = DiagnosticCode(
    "L0004",
    "a number beyond 64 bits",
    """
    Integers are computed with 64 bits and a sign; the greatest literal is
    9223372036854775807.

      type Wide = 0...99999999999999999999      // error

    Way out: use a smaller bound. A domain that large could not be explored anyway.
    """
  )

  package static let malformedNumber = DiagnosticCode(
    "L0005",
    "digits and letters that form no number",
    """
    A number is decimal, with '_' between digits where that helps ('1_000'), or
    hexadecimal ('0xFF'). A duration is a number and a unit: ns, us, ms, s, min or h.
    Only a duration may have a decimal point.

      parameter rto: Duration = 3d      // error
      parameter rto: Duration = 3 s     // fine
      parameter rto: Duration = 0.5 s   // fine
      type Window = 0...1.5             // error: an integer is needed

    Way out: write the number in one of these forms.
    """
  )

  package static let invalidEscape = DiagnosticCode(
    "L0006",
    "a backslash before a character that has no escape",
    """
    In a string '\\' introduces an escape: '\\\\' (backslash), '\\"' (quote), '\\n' (line
    break) and '\\t' (tab).

      assert open, "50\\% done"      // error
      assert open, "50% done"       // fine

    Way out: drop the backslash, or double it where a backslash is meant.
    """
  )

  package static let foreignSpelling = DiagnosticCode(
    "L0007",
    "a spelling of another language",
    """
    Operators and strings are those of Swift. Spellings of other languages are
    recognised, so that the fix is one step: '&' is '&&', '|' is '||', 'and', 'or'
    and 'not' are '&&', '||' and '!', '=>' is 'implies', ':=' is '=', the signs of
    mathematics are '<=', '>=', '!=', and a string stands in double quotes. Of TLA+,
    '/\\' is '&&', '\\/' is '||', '#' and '/=' are '!=', '=<' is '<=', '\\A' is 'for all',
    '\\E' is 'exists'. 'n++' is 'n += 1', 'msec' is 'ms', 'forall' is 'for all'.

      transition go on internal when ready and not done { }     // error
      transition go on internal when ready && !done { }         // fine

    Where a spelling has no counterpart, such as '!' and '?' on a channel or a primed
    name, the help says what takes its place.

    Way out: apply the fix-it, or follow the help.
    """
  )
}

/// L01xx: tokens in an order that the grammar of docs/language.md does not have.
extension DiagnosticCode {
  package static let parsing: [DiagnosticCode] = [
    expectedToken, unknownKeyword, unclosedBracket, reservedWord, chainedComparison,
    assignmentInExpression, missingSeparator, misplacedHeader, unusedExpression,
    misplacedDeclaration, halfOpenRange, expectedExpression, expectedType, wrongWord,
    unmatchedBracket, missingVariableType, severalExpressions,
  ]

  package static let expectedToken = DiagnosticCode(
    "L0101",
    "something else was expected here",
    """
    The grammar allows only certain words or marks at this place; the message names
    them. The rest of the statement or declaration is skipped, so that one slip is
    one error.

      instances a, b Peer       // error: expected ':' and the role
      instances a, b: Peer      // fine

    Way out: docs/language.md shows the form of each declaration with an example.
    """
  )

  package static let unknownKeyword = DiagnosticCode(
    "L0102",
    "a declaration or statement that does not exist",
    """
    A declaration begins with one of the words of the language: 'role', 'message',
    'network', 'invariant' and so on at the top of a file; 'var', 'timer', 'signal',
    'transition' and so on in a role.

      transitoin close on call close() { }      // error: did you mean 'transition'?

    Way out: correct the word. docs/language.md lists them all.
    """
  )

  package static let unclosedBracket = DiagnosticCode(
    "L0103",
    "a bracket that is never closed",
    """
    Each '(', '[' and '{' needs its ')', ']' or '}'. The note shows the bracket that
    stayed open. A declaration that cannot stand inside a block, such as 'role' after
    an unfinished transition, ends the search, so the error is near the slip.

      enum State { OPEN, CLOSED
      role Peer { }             // error: expected '}' before 'role'

    Way out: close the bracket.
    """
  )

  package static let reservedWord = DiagnosticCode(
    "L0104",
    "a word of the language used as a name",
    """
    Most words of the language are words only where they mean something, so 'from',
    'count', 'timer' or 'start' may be names. These cannot: let, var, for, if, else,
    switch, case, default, in, where, true, false, nil, self, implies. After a '.' and
    as a field or label every word may stand.

      var in: Bool              // error
      var incoming: Bool        // fine

    Way out: choose another name.
    """
  )

  package static let chainedComparison = DiagnosticCode(
    "L0105",
    "comparisons written in a chain",
    """
    A comparison has two sides. 'a < b < c' would compare a Bool with 'c'.

      invariant ordered { for all p in Peer: 0 < p.una < p.nxt }            // error
      invariant ordered { for all p in Peer: 0 < p.una && p.una < p.nxt }   // fine

    Way out: join two comparisons with '&&', or name the range: 'x in 0...3'.
    """
  )

  package static let assignmentInExpression = DiagnosticCode(
    "L0106",
    "'=' where two values are compared",
    """
    '=' assigns and stands in statements and declarations only; '==' compares. In the
    same way a statement 'x == 1' compares and throws the answer away.

      if state = .OPEN { }      // error
      if state == .OPEN { }     // fine

    Way out: apply the fix-it.
    """
  )

  package static let missingSeparator = DiagnosticCode(
    "L0107",
    "two declarations or statements without a line break",
    """
    A declaration or statement ends at the end of its line, or at a ';'.

      x = 1 y = 2               // error
      x = 1; y = 2              // fine

    Way out: put the second on a line of its own.
    """
  )

  package static let misplacedHeader = DiagnosticCode(
    "L0108",
    "a 'protocol' or 'variant' line that is not the first",
    """
    A file begins with 'protocol NAME', or with 'variant NAME of "PATH"', or with
    neither (to be imported). The line stands before every declaration and only once.

      role Peer { }
      protocol Close            // error: it must come first

    Way out: move the line to the top of the file.
    """
  )

  package static let unusedExpression = DiagnosticCode(
    "L0109",
    "a value that nothing uses",
    """
    A statement changes something: it assigns, sends, starts or cancels a timer,
    signals, or changes a set or a queue. A value alone does nothing.

      attempts + 1              // error
      attempts += 1             // fine

    Way out: assign the value, or delete the line.
    """
  )

  package static let misplacedDeclaration = DiagnosticCode(
    "L0110",
    "a declaration in a place where it cannot stand",
    """
    Variables, timers, signals and transitions stand in a role. Roles, types,
    messages, networks, instances and properties stand at the top of a file.
    Statements stand in the body of a transition.

      timer retransmission      // error: at the top of a file
      role Peer {
        timer retransmission    // fine
      }

    Way out: move it. If it looks right where it is, a '}' too many or too few
    before it has closed or kept open a block.
    """
  )

  package static let halfOpenRange = DiagnosticCode(
    "L0111",
    "a half-open range",
    """
    Ranges include both ends: '0...3' has four values. There is no '..<'.

      for i in 0..<count { }            // error
      for i in 0...count - 1 { }        // fine

    Way out: apply the fix-it.
    """
  )

  package static let expectedExpression = DiagnosticCode(
    "L0112",
    "a value was expected here",
    """
    An operator, a '=' or a word such as 'when' is followed by nothing that can be
    read as a value.

      when state ==             // error: the right side is missing

    Way out: write the value.
    """
  )

  package static let expectedType = DiagnosticCode(
    "L0113",
    "a type was expected here",
    """
    Types are: Bool, Duration, a range 'low...high', the name of an enum, struct,
    message, alias or role, 'T?', 'Set<T>', '[count of T]', '[Key: T]' and
    'Queue<T, capacity>'.

      var window:               // error
      var window: 0...3         // fine

    Way out: write one of these forms.
    """
  )

  package static let wrongWord = DiagnosticCode(
    "L0114",
    "another word is used at this place",
    """
    The word is one of Swift or of another tool, where this language has its own: a
    transition has its condition after 'when', an enum lists its cases without
    'case', a helper is a 'let', and a body that always runs has no 'return'.

      transition go on internal if ready { }        // error
      transition go on internal when ready { }      // fine

    Way out: apply the fix-it.
    """
  )

  package static let unmatchedBracket = DiagnosticCode(
    "L0115",
    "a closing bracket that closes nothing",
    """
    A ')', ']' or '}' stands where no bracket of its kind is open.

      role Peer { } }           // error: one '}' too many

    Way out: delete it, or look for a block that was closed too early before it.
    """
  )

  package static let missingVariableType = DiagnosticCode(
    "L0116",
    "a variable without a type",
    """
    The type of a variable fixes how many values it can have, and with that the size
    of the state, so it is written down. Only 'true' and 'false' speak for themselves.

      var attempts = 0              // error: 0 to what?
      var attempts: 0...3 = 0       // fine
      ghost var isOver = false      // fine

    Way out: write ': ' and the type after the name.
    """
  )

  package static let severalExpressions = DiagnosticCode(
    "L0117",
    "more than one expression in a property",
    """
    A property holds one condition between its braces.

      invariant safe { a.x > 0  b.x > 0 }       // error
      invariant safe { a.x > 0 && b.x > 0 }     // fine

    Way out: join the conditions with '&&', or write one property for each; a report
    then says which of them failed.
    """
  )
}

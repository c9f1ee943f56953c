/// L05xx: bounds that keep a spec within what the tool can work on.
extension DiagnosticCode {
  package static let limits: [DiagnosticCode] = [
    nestingTooDeep, sourceTooLarge, domainTooLarge, constantOverflow, helperTooLarge,
    tooManyInstances, evaluationTooLong,
    dependenciesTooDeep,
  ]

  package static let nestingTooDeep = DiagnosticCode(
    "L0501",
    "brackets, blocks or an expression nested too deeply",
    """
    Brackets and blocks may be nested 100 deep, prefix operators 250, and an expression
    may be 250 operators deep, counting the operators of one chain 'a + b + c ...'.
    No spec written by hand comes near; the bound keeps a generated or damaged file
    from exhausting the stack. The rest of the file is not read.

    Way out: name parts of a large expression with 'let', and call them.
    """
  )

  package static let sourceTooLarge = DiagnosticCode(
    "L0502",
    "a file too large to be a spec",
    """
    A file of more than 256 MiB is not read as a spec.

    Way out: check the path; a capture or a trace was probably meant.
    """
  )

  package static let domainTooLarge = DiagnosticCode(
    "L0510",
    "a type with too many values",
    """
    Every variable and every argument of a call has a type whose values can be
    numbered: at most 2^62; of a message each part has. An array or map has at most
    4096 elements.

      var seen: Set<0...100>            // error: 2^101 values

    Way out: smaller ranges; what the property needs is often one bit.
    """
  )

  package static let constantOverflow = DiagnosticCode(
    "L0511",
    "a constant that does not fit into 64 bits",
    """
    Integer constants are computed in 64 bits and never wrap. Durations are exact
    fractions of a second of any size.
    """
  )

  package static let helperTooLarge = DiagnosticCode(
    "L0512",
    "a function that expands to too much",
    """
    Functions are written out where they are called. Ones that call each other several
    times double at every level.

    Way out: 'let' a value once in the body of a transition, or simplify.
    """
  )

  package static let tooManyInstances = DiagnosticCode(
    "L0513",
    "more instances than a state can hold",
    """
    At most 256 instances are possible; exploring more than a handful takes longer than
    anyone waits.
    """
  )

  package static let evaluationTooLong = DiagnosticCode(
    "L0514",
    "a constant that takes too long to compute",
    """
    A quantifier over large ranges must be known before the protocol runs.
    """
  )

  package static let dependenciesTooDeep = DiagnosticCode(
    "L0515",
    "definitions that need each other through too many steps",
    """
    Parameters, constants, types and functions are resolved when something needs them,
    each before what needs it. A chain of more than 100 names, or of very deep
    expressions, is not a spec that a person wrote.
    """
  )
}

import LingerDiagnostics

/// Habits from TLA+, Promela, Murphi, UPPAAL, Rust, Swift and C: each is told how it is said here.
extension Parser {
  /// What a word of another language wants at the start of a statement, and the way to it here.
  private static let statementAdvice: [String: String] = {
    var advice: [String: String] = [:]
    func add(_ words: [String], _ text: String) {
      for word in words { advice[word] = text }
    }
    add(
      ["while", "loop", "repeat", "until", "do", "break", "continue"],
      "a body has no open loops: 'for x in D { ... }' goes through a domain once, and a transition"
        + " is taken again as long as its condition after 'when' holds"
    )
    add(
      ["return"],
      "a body returns nothing; a helper computes a value: 'let name(x: Type) -> Type = value'"
    )
    add(
      ["print", "printf", "println", "puts", "echo", "log"],
      "nothing is printed: traces show every value, and 'signal name(...)' tells the application"
    )
    add(["skip", "pass"], "a body that does nothing is '{ }'")
    add(["atomic", "d_step"], "the body of a transition is one step already")
    add(["goto"], "the place in a protocol is a variable: 'state = .NEXT'")
    add(["match", "select"], "alternatives are 'switch value { case .A: ... default: ... }'")
    add(
      ["recv", "receive"],
      "a message is taken by a transition: 'transition name on receive m: Message { ... }'"
    )
    add(
      ["emit", "broadcast"],
      "send to each: 'for p in Role where p != self { send Message() to p }'"
    )
    add(
      ["wait", "sleep", "delay", "after"],
      "a step takes no time: 'start t for 10 s', and go on in 'transition name on timeout t'"
    )
    add(["throw", "raise", "panic", "abort"], "an error of the spec is 'assert false, \"why\"'")
    add(["UNCHANGED"], "what is not assigned keeps its value: delete this")
    add(
      ["int", "bool", "byte", "short", "unsigned", "auto"],
      "a body has no variables of its own: 'let name = value' names a value"
    )
    add(
      ["end", "endif", "fi", "od", "endwhile", "endfor", "endswitch"],
      "a block stands in braces and ends with '}'"
    )
    add(["elif", "elsif", "elseif"], "write 'else if' behind the '}' of the branch before")
    return advice
  }()

  /// The same for members of a role.
  private static let memberAdvice: [String: String] = [
    "clock":
      "time is measured by timers: 'timer t', 'start t for 10 s', 'transition name on timeout t'",
    "int": "a variable is 'var name: low...high = value'",
    "byte": "a variable is 'var name: 0...255 = value'",
    "const": "a constant is 'let name = value'",
    "on": "a reaction is 'transition name on receive m: Message { ... }'",
    "state":
      "states are the cases of an enum, and the state a variable: 'var state: State = .IDLE'",
    "init": "initial values stand at the variables: 'var name: Type = value'",
    "rule": "a rule is 'transition name on internal when condition { ... }'",
    "method": "a helper is 'let name(x: Type) -> Type = value'",
  ]

  /// The same for declarations.
  private static let declarationAdvice: [String: String] = [
    "proctype": "a process is 'role Name { ... }', and its copies 'instances a, b: Name'",
    "active": "a process is 'role Name { ... }', and its copies 'instances a, b: Name'",
    "template": "a template is 'role Name { ... }', and its copies 'instances a, b: Name'",
    "mtype": "messages are declared one by one: 'message Name { field: Type }'",
    "chan": "channels are routes of a network: 'network { Sender -> Receiver: Message }'",
    "ltl": "a property is 'invariant name { ... }' or 'eventually name { a ~> b }'",
    "never": "a property is 'invariant name { ... }' or 'eventually name { a ~> b }'",
    "assert": "what always holds is 'invariant name { ... }'",
    "property": "a property is 'invariant name { ... }', 'possible', 'eventually' or 'cover'",
    "rule": "a rule is a transition of a role: 'transition name on internal when c { ... }'",
    "ruleset": "a rule with values is 'transition name on call f(x: Type) when c { ... }'",
    "startstate": "initial values stand at the variables: 'var name: Type = value'",
    "init": "initial values stand at the variables: 'var name: Type = value'",
    "VARIABLES": "variables belong to a role: 'role Name { var name: Type = value }'",
    "VARIABLE": "variables belong to a role: 'role Name { var name: Type = value }'",
    "CONSTANTS": "a constant is 'parameter name: Type = value' or 'let name = value'",
    "CONSTANT": "a constant is 'parameter name: Type = value' or 'let name = value'",
    "MODULE": "a file begins with 'protocol Name'",
    "module": "a file begins with 'protocol Name'",
    "class": "a party of the protocol is 'role Name { ... }', a record 'struct Name { ... }'",
    "int": "a variable belongs to a role: 'role Name { var name: low...high = value }'",
    "bool": "a variable belongs to a role: 'role Name { var name: Bool = false }'",
    "clock": "time is measured by timers of a role: 'timer t', 'start t for 10 s'",
  ]

  /// What to say of a word that begins no declaration, or no member.
  func adviceForDeclaration(_ word: String) -> String? { Parser.declarationAdvice[word] }
  func adviceForMember(_ word: String) -> String? { Parser.memberAdvice[word] }

  /// Reports an operator or word that stands here in the spelling of another language.
  mutating func reportSpelling(of token: Token, as spelling: String) {
    // Most tokens are what they seem: comparing their lengths costs nothing.
    let length = token.end - token.start
    guard length != spelling.utf8.count || text(token) != spelling else { return }
    let isWord = spelling.utf8.first?.isWordCharacter == true
    func isBlank(_ place: Int) -> Bool {
      !source.bytes.indices.contains(place) || source.bytes[place] <= 0x20
    }
    let before = isWord && !isBlank(token.start - 1) ? " " : ""
    let after = isWord && !isBlank(token.end) ? " " : ""
    report(
      .foreignSpelling,
      "'\(text(token).clipped)' is written '\(spelling)' here",
      at: span(token),
      fixIts: [replacing(span(token), with: before + spelling + after, "write '\(spelling)'")]
    )
  }

  /// Reports `/\` or `\/` between two conditions.
  ///
  /// The two bind alike in TLA+, and lists of them are told apart by their columns, so where both
  /// stand between the same brackets no replacement is certain.
  mutating func reportJunction(_ token: Token, _ spelling: String) {
    guard mixesJunctions(around: token) else {
      reportSpelling(of: token, as: spelling)
      return
    }
    report(
      .foreignSpelling,
      "'\(text(token))' is written '\(spelling)' here",
      at: span(token),
      help: "'&&' binds tighter than '||' here, and columns say nothing: put parentheses around"
        + " what belongs together"
    )
  }

  /// Reports `/\` or `\/` before the first condition of a list, and skips it.
  mutating func reportLeadingJunction() {
    let token = current
    let isMixed = mixesJunctions(around: token)
    let place = Span(file: file, start: token.start, end: max(token.end, peek().start))
    report(
      .foreignSpelling,
      "'\(text(token))' stands between two conditions, not before the first",
      at: span(token),
      help: isMixed ? "put parentheses around what belongs together" : nil,
      fixIts: isMixed || peek().startsLine ? [] : [replacing(place, with: "", "delete it")]
    )
    advance()
  }

  /// Whether both `/\` and `\/` stand between the brackets around a token.
  private func mixesJunctions(around token: Token) -> Bool {
    guard let place = tokens.firstIndex(where: { $0.start >= token.start }) else { return false }
    // Nobody joins more than this; a search of a whole file for each would be slow.
    let reach = 1_000
    var kinds: Set<TokenKind> = []
    func look(at index: Int, closing: [TokenKind], _ depth: inout Int) {
      let kind = tokens[index].kind
      let opening: [TokenKind] = [.leftParenthesis, .leftBracket, .leftBrace]
      if opening.contains(kind) { depth += closing.contains(kind) ? -1 : 1 }
      let ends: [TokenKind] = [.rightParenthesis, .rightBracket, .rightBrace]
      if ends.contains(kind) { depth += closing.contains(kind) ? -1 : 1 }
      if depth == 0, tokens[index].isJunction(in: source.bytes) { kinds.insert(kind) }
    }
    var depth = 0
    var index = place
    while index < min(tokens.count, place + reach), depth >= 0 {
      look(at: index, closing: [.rightParenthesis, .rightBracket, .rightBrace], &depth)
      index += 1
    }
    depth = 0
    index = place - 1
    while index >= max(0, place - reach), depth >= 0 {
      look(at: index, closing: [.leftParenthesis, .leftBracket, .leftBrace], &depth)
      index -= 1
    }
    return kinds.count > 1
  }

  /// Reports a statement of another language, and skips it; false where none begins here.
  mutating func rejectForeignStatement() -> Bool {
    if at(.colon), peek().kind == .colon, peek().start == current.end {
      rejectAlternatives()
      return true
    }
    guard at(.word), current.word == nil || current.word == .receive else { return false }
    if text(current) == "do" || text(current) == "atomic", peek().kind == .colon {
      advance()
      rejectAlternatives()
      return true
    }
    guard let advice = Parser.statementAdvice[text(current)], !isChanged else { return false }
    fail(
      .unknownKeyword,
      "no statement begins with \(currentDescription)",
      at: span(current),
      help: advice
    )
    advance()
    return true
  }

  /// Whether what follows shows that the word is a variable that a statement changes.
  private var isChanged: Bool {
    guard !peek().startsLine else { return false }
    switch peek().kind {
    case .word, .leftParenthesis, .leftBrace, .string, .integer, .semicolon, .rightBrace,
      .endOfFile:
      return false
    default: return true
    }
  }

  /// Reports Promela's `::` and skips to the `fi` or `od` that ends the alternatives; the current
  /// token is the first colon.
  mutating func rejectAlternatives() {
    fail(
      .unknownKeyword,
      "alternatives are not written with '::'",
      at: span(current).union(span(peek())),
      help: "write a transition for each, with its condition after 'when'; in a body"
        + " 'if c { ... } else { ... }' decides, and 'choose x in D' leaves it open"
    )
    var open = 1
    skip { parser in
      guard parser.at(.word) else { return false }
      let opens = parser.peek().kind == .colon && parser.peek(2).kind == .colon
      switch parser.text(parser.current) {
      case "if" where opens, "do" where opens: open += 1
      case "fi", "od": open -= 1
      default: break
      }
      return open == 0
    }
    if at(.word) { advance() }
  }

  /// `then {` and `do {`, whose word says nothing.
  mutating func skipThen() {
    guard at(.word), current.word == nil, ["then", "do"].contains(text(current)),
      peek().kind == .leftBrace, !isRecovering
    else { return }
    report(
      .wrongWord,
      "a block begins with '{' alone",
      at: span(current),
      fixIts: [
        replacing(
          Span(file: file, start: current.start, end: peek().start),
          with: "",
          "delete '\(text(current))'"
        )
      ]
    )
    advance()
  }

  /// `[] (condition)` in a property: what TLA+ and Promela write for "always".
  mutating func skipAlways() {
    guard at(.leftBracket), peek().kind == .rightBracket, !peek(2).startsLine,
      [.leftParenthesis, .word, .exclamation].contains(peek(2).kind), peek(2).word != .in
    else { return }
    report(
      .foreignSpelling,
      "an 'invariant' always holds; there is no '[]'",
      at: span(current).union(span(peek())),
      fixIts: [
        replacing(
          Span(file: file, start: current.start, end: peek(2).start),
          with: "",
          "delete '[]'"
        )
      ]
    )
    advance()
    advance()
  }

  /// `if c then ... endif`: reports it, and skips to its end. The current token is `then`.
  mutating func rejectThen() {
    fail(
      .unknownKeyword,
      "there is no 'then'",
      at: span(current),
      help: "the branches stand in braces: 'if condition { ... } else { ... }'"
    )
    skip { parser in
      parser.current.word == nil && parser.current.startsLine
        && ["end", "endif", "fi"].contains(parser.text(parser.current))
    }
    guard at(.word) else { return }
    advance()
    if at(.if), !current.startsLine { advance() }
  }

  /// What follows the target of a statement in other languages; nil where nothing of that is here.
  mutating func foreignAssignment(_ target: ExpressionSyntax) -> StatementSyntax.Kind? {
    switch current.kind {
    case .compoundEquals: return compoundAssignment(target)
    case .plus, .minus: return increment(target)
    default: break
    }
    if case .forceUnwrap(let channel) = target.kind, at(.word), !current.startsLine {
      rejectChannel(channel, "sent", "write 'send \(text(current).clipped)(...)'")
    } else if at(.exclamation), peek().kind == .word, !peek().startsLine {
      rejectChannel(target, "sent", "write 'send \(text(peek()).clipped)(...)'")
    } else if at(.question), peek().kind == .word, !peek().startsLine {
      rejectChannel(
        target,
        "received",
        "a transition takes it: 'transition name on receive m: \(text(peek()).clipped) { ... }'"
      )
    } else {
      return nil
    }
    return .missing
  }

  private mutating func rejectChannel(
    _ channel: ExpressionSyntax,
    _ verb: String,
    _ help: String
  ) {
    let mark = verb == "sent" ? "!" : "?"
    fail(
      .foreignSpelling,
      "a message is not \(verb) with '\(mark)'",
      at: channel.span.union(span(current)),
      help: verb == "sent" ? help + ", and 'to receiver' where there are several" : help
    )
  }

  /// `x *= 2`, which is `x = x * (2)`.
  private mutating func compoundAssignment(_ target: ExpressionSyntax) -> StatementSyntax.Kind {
    let token = advance()
    let mark = text(token).prefix(1)
    let value = parseExpression()
    guard !isRecovering else { return .missing }
    let name = source.text(target.span.start..<target.span.end)
    report(
      .foreignSpelling,
      "there is no '\(text(token))'",
      at: span(token),
      fixIts: [
        .init(
          "write '\(name.clipped) = \(name.clipped) \(mark) ...'",
          [
            .init(span(token), "= \(name) \(mark)"),
            .init(Span(file: file, start: value.span.start, end: value.span.start), "("),
            .init(Span(file: file, start: value.span.end, end: value.span.end), ")"),
          ]
        )
      ]
    )
    let operation: BinaryOperator = mark == "*" ? .multiply : mark == "/" ? .divide : .remainder
    let whole = ExpressionSyntax(
      .binary(operation, Identifier(String(mark), span(token)), target, value),
      target.span.union(value.span)
    )
    return .assignment(target, .set, whole)
  }

  /// `n++` and `n--`, which are `n += 1` and `n -= 1`.
  private mutating func increment(_ target: ExpressionSyntax) -> StatementSyntax.Kind? {
    let next = peek()
    guard next.kind == current.kind, next.start == current.end, !current.startsLine,
      peek(2).startsLine || [.rightBrace, .semicolon, .endOfFile].contains(peek(2).kind)
    else { return nil }
    let place = span(current).union(span(next))
    let sign = at(.plus) ? "+=" : "-="
    let blank = current.start == target.span.end ? " " : ""
    report(
      .foreignSpelling,
      "there is no '\(text(current))\(text(next))'",
      at: place,
      fixIts: [replacing(place, with: "\(blank)\(sign) 1", "write '\(sign) 1'")]
    )
    let operation: StatementSyntax.AssignmentOperator = at(.plus) ? .add : .subtract
    advance()
    advance()
    return .assignment(target, operation, ExpressionSyntax(.integer(1), place))
  }

  /// `++n` and `--n`.
  mutating func prefixIncrement() -> StatementSyntax.Kind? {
    guard at(.plus) || at(.minus), peek().kind == current.kind, peek().start == current.end,
      peek(2).kind == .word
    else { return nil }
    let place = span(current).union(span(peek()))
    let isUp = at(.plus)
    let mark = isUp ? "++" : "--"
    advance()
    advance()
    let target = parsePostfix()
    guard !isRecovering else { return .missing }
    let end = Span(file: file, start: target.span.end, end: target.span.end)
    let sign = isUp ? "+=" : "-="
    report(
      .foreignSpelling,
      "there is no '\(mark)'",
      at: place,
      fixIts: [.init("write '\(sign) 1'", [.init(place, ""), .init(end, " \(sign) 1")])]
    )
    return .assignment(target, isUp ? .add : .subtract, ExpressionSyntax(.integer(1), place))
  }

  /// The `'` behind a name that is assigned: the assignment says it all.
  mutating func takePrime() {
    guard at(.prime) else { return }
    guard peek().kind == .equals, !peek().startsLine else {
      rejectPrime()
      return
    }
    report(
      .foreignSpelling,
      "a value after the step has no mark of its own",
      at: span(current),
      fixIts: [replacing(span(current), with: "", "delete the mark")]
    )
    advance()
  }

  /// A `'` in a value: there is no name for what comes after the step.
  mutating func rejectPrime() {
    fail(
      .foreignSpelling,
      "an expression reads one state and has no name for the next one",
      at: span(current),
      help: "a body assigns the next value: 'x = value'; a property that compares with an earlier"
        + " state needs a 'ghost var' that keeps it"
    )
  }

  /// `bool x = false` in a role, which is `var x: Bool = false`.
  mutating func parseForeignVariable() -> RoleMember.Kind? {
    guard at(.word), current.word == nil, peek().kind == .word, !peek().startsLine,
      ["bool", "Bool", "boolean", "bit"].contains(text(current))
    else { return nil }
    let word = current
    let name = peek()
    let end = Span(file: file, start: name.end, end: name.end)
    report(
      .wrongWord,
      "a variable is written 'var name: Type'",
      at: span(word),
      fixIts: [
        .init(
          "write 'var \(text(name).clipped): Bool'",
          [.init(span(word), "var"), .init(end, ": Bool")]
        )
      ]
    )
    advance()
    let type = TypeSyntax(.named(Identifier("Bool", span(word))), span(word))
    let identifier = parseName("the variable's name")
    return .variable(identifier, type: type, value: parseInitialValue(), isGhost: false)
  }

  /// `let mut x` in a role: `var x`.
  mutating func correctLetMut() {
    guard at(.let), peek().kind == .word, text(peek()) == "mut", peek(2).kind == .word,
      !peek(2).startsLine
    else { return }
    let place = span(current).union(span(peek()))
    report(
      .wrongWord,
      "a variable is declared with 'var'",
      at: place,
      fixIts: [replacing(place, with: "var")]
    )
    advance()
    tokens[position].word = .var
  }

  /// `forall x in D`, `\A x \in D`, `for x in D`: makes the current token the `for` of `for all`,
  /// or that of a statement.
  mutating func correctForAll(isStatement: Bool = false) {
    let meant = isStatement ? "for" : "for all"
    guard at(.word), current.word == nil || current.word == .all,
      ["forall", "Forall", "FORALL", "all", "every"].contains(text(current)), !peek().startsLine
    else { return }
    let isHeader =
      peek().kind == .word && peek().word?.isReserved != true
      && (peek(2).word == .in || peek(2).kind == .colon)
    if isHeader {
      report(
        .foreignSpelling,
        "'\(text(current))' is written '\(meant)' here",
        at: span(current),
        fixIts: [replacing(span(current), with: meant)]
      )
      tokens[position].word = .for
    } else if !isStatement, peek().kind == .leftParenthesis,
      text(current).lowercased() == "forall"
    {
      fail(
        .foreignSpelling,
        "'\(text(current))' is written 'for all' here",
        at: span(current),
        help: "the form is 'for all x in D: condition'"
      )
    }
  }

  /// Between the variable and the domain of a quantifier: `:` is written `in`.
  mutating func expectIn() {
    guard at(.colon), !isRecovering else {
      expect(.in)
      return
    }
    let isTight = current.start == previous.end
    report(
      .foreignSpelling,
      "the domain follows 'in'",
      at: span(current),
      fixIts: [replacing(span(current), with: isTight ? " in" : "in", "write 'in'")]
    )
    advance()
  }

  /// Between the domain and the condition of a quantifier: `|` and `,` are written `:`.
  mutating func expectQuantifierColon() {
    let isBar = at(.or) && current.end - current.start == 1
    guard isBar || at(.comma), !isRecovering else {
      expect(.colon, "':' and the condition", .tightBefore)
      return
    }
    report(
      .foreignSpelling,
      "the condition follows ':'",
      at: span(current),
      fixIts: [replacing(span(current), with: ":")]
    )
    advance()
  }
}

extension Token {
  /// Whether it is `/\` or `\/`.
  func isJunction(in bytes: [UInt8]) -> Bool {
    guard kind == .and || kind == .or, end - start == 2 else { return false }
    return bytes[start] == UInt8(ascii: "/") || bytes[start] == UInt8(ascii: "\\")
  }
}

import LingerDiagnostics

/// Declarations with a body in braces, and instances.
extension Parser {
  /// `enum Name { A, B }`
  mutating func parseEnumeration(header: Int) -> Declaration.Kind {
    advance()
    let name = parseName("the enum's name")
    var cases: [EnumCaseSyntax] = []
    var superfluous: [Token] = []
    parseBlock(.entries, header: header) { parser in
      let documentation = parser.documentation()
      if parser.at(.case), parser.peek().kind == .word, !parser.peek().startsLine {
        superfluous.append(parser.advance())
      }
      let name = parser.parseName("the name of a case", acrossLines: true)
      if !parser.isRecovering {
        cases.append(EnumCaseSyntax(name: name, documentation: documentation))
      }
    }
    if let first = superfluous.first {
      let edits = superfluous.map {
        Diagnostic.FixIt.Edit(Span(file: file, start: $0.start, end: $0.end + 1), "")
      }
      report(
        .wrongWord,
        "the cases of an enum are listed without 'case'",
        at: span(first),
        fixIts: [.init("delete 'case'", edits)]
      )
    }
    return .enumeration(name, cases: cases)
  }

  /// `struct Name { field: Type = value }`, `message Name { ... }`; a message may have no fields.
  mutating func parseRecord(header: Int) -> Declaration.Kind {
    let isMessage = advance().word == .message
    let name = parseName(isMessage ? "the message's name" : "the struct's name")
    var fields: [FieldSyntax] = []
    if isMessage, !isRecovering, current.startsLine, !at(.leftBrace) {
      return .record(name, fields: [], isMessage: true)
    }
    parseBlock(.entries, header: header) { parser in
      let documentation = parser.documentation()
      guard parser.at(.word) else {
        parser.failExpected("a field's name")
        return
      }
      if parser.at(.var) || parser.at(.let), parser.peek().kind == .word {
        let word = parser.current
        let span = Span(file: parser.file, start: word.start, end: parser.peek().start)
        parser.report(
          .wrongWord,
          "the fields of a record stand without '\(parser.text(word))'",
          at: parser.span(word),
          fixIts: [parser.replacing(span, with: "", "delete it")]
        )
        parser.advance()
      }
      // Every word may name a field: it is read after '.' or before ':' only.
      let token = parser.advance()
      let name = Identifier(parser.text(token), parser.span(token))
      fields.append(parser.parseField(name: name, documentation: documentation))
    }
    return .record(name, fields: fields, isMessage: isMessage)
  }

  /// `network [name] { Sender -> Receiver: Message, Message; option value, option }`
  mutating func parseNetwork(header: Int) -> Declaration.Kind {
    advance()
    let name = at(.word) && !current.startsLine ? parseName("the network's name") : nil
    var routes: [NetworkSyntax.Route] = []
    var options: [NetworkSyntax.Option] = []
    parseBlock(.entries, header: header) { parser in
      let name = parser.parseName("a route or an option", acrossLines: true)
      if parser.at(.arrow) {
        routes.append(parser.parseRoute(sender: name))
      } else if parser.at(.less), parser.peek().kind == .arrow {
        parser.failExpected("'->'", help: "write one route for each direction")
      } else if !parser.isRecovering {
        options.append(NetworkSyntax.Option(name: name, value: parser.parseOptionValue()))
      }
    }
    return .network(NetworkSyntax(name: name, routes: routes, options: options))
  }

  private mutating func parseRoute(sender: Identifier) -> NetworkSyntax.Route {
    _ = take(.arrow)
    let receiver = parseName("the receiving role")
    expect(.colon, "':' and the messages", .tightBefore)
    var messages: [Identifier] = []
    if !isRecovering {
      messages.append(parseName("a message", acrossLines: true))
      while at(.comma), peek().kind == .word, !peek().startsLine || peek(2).kind != .arrow,
        !isRecovering
      {
        advance()
        messages.append(parseName("a message", acrossLines: true))
      }
    }
    return NetworkSyntax.Route(
      sender: sender,
      receiver: receiver,
      messages: messages,
      span: span(from: sender.span.start)
    )
  }

  private mutating func parseOptionValue() -> ExpressionSyntax? {
    if at(.colon) || at(.equals) {
      report(
        .expectedToken,
        "the value of an option follows it without '\(text(current))'",
        at: span(current),
        fixIts: [replacing(span(current), with: "", "delete it")]
      )
      advance()
    }
    switch current.kind {
    case .comma, .semicolon, .rightBrace, .endOfFile: return nil
    default: return current.startsLine ? nil : parseExpression()
    }
  }

  /// `[symmetric] instances a, b[count]: Role(field: value)`
  mutating func parseInstances() -> Declaration.Kind {
    let isSymmetric = take(.symmetric)
    expect(.instances)
    var names: [InstancesSyntax.Name] = []
    repeat {
      let name = parseName("an instance's name", acrossLines: !names.isEmpty)
      var count: ExpressionSyntax?
      if at(.leftBracket), !isRecovering {
        let opening = advance(.tight)
        count = parseExpression()
        expectClosing(.rightBracket, "]", of: opening, .tightBefore)
      }
      names.append(InstancesSyntax.Name(name: name, count: count))
    } while !isRecovering && take(.comma)
    expect(.colon, "':' and the role", .tightBefore)
    let role = parseName("the role's name")
    var values: [ArgumentSyntax] = []
    if at(.leftParenthesis), !current.startsLine, !isRecovering { values = parseArguments() }
    return .instances(
      InstancesSyntax(names: names, role: role, initialValues: values, isSymmetric: isSymmetric)
    )
  }

  /// `profile name { parameter = value }`
  mutating func parseProfile(header: Int) -> Declaration.Kind {
    advance()
    let name = parseName("the profile's name")
    var values: [ParameterValueSyntax] = []
    parseBlock(.entries, header: header) { values.append($0.parseParameterValue()) }
    return .profile(name, values: values)
  }

  /// `parameter = value`
  mutating func parseParameterValue() -> ParameterValueSyntax {
    let name = parseName("a parameter's name", acrossLines: true)
    expect(.equals, "'=' and the parameter's value")
    let value =
      isRecovering ? ExpressionSyntax(.missing, spanAfterPrevious) : parseExpression()
    return ParameterValueSyntax(name: name, value: value)
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
  /// An object with the members in this order.
  ///
  /// - Precondition: no name occurs twice.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (name, value) in elements {
      precondition(object.append(name, value), "duplicate name in an object literal: \(name)")
    }
    self = .object(object)
  }
}

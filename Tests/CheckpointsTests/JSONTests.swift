import Checkpoints
import Testing

@Suite struct JSONTests {
  private func cause(_ text: String) -> JSONError.Cause? { cause(Array(text.utf8)) }

  private func cause(_ bytes: [UInt8]) -> JSONError.Cause? {
    do throws(JSONError) {
      _ = try JSONValue(parsing: bytes, maximumDepth: 8, maximumValues: 50)
      return nil
    } catch {
      return error.cause
    }
  }

  @Test func readsValues() throws {
    let text =
      #" {"b":[1,-2.50e+3,0,-0.5E1],"a":{"x":null,"y":true,"z":false},"":"é\n\u00e9\ud83d\ude00\/"} "#
    let value = try JSONValue(parsing: text)
    #expect(value["b"]?.array?.map { $0.number?.text } == ["1", "-2.50e+3", "0", "-0.5E1"])
    #expect(value["b"]?.array?[1].number?.double == -2500)
    #expect(value["a"]?["y"]?.bool == true)
    #expect(value["a"]?["x"]?.isNull == true)
    #expect(value[""]?.string == "é\né😀/")
    #expect(value.object?.members.map(\.name) == ["b", "a", ""])
  }

  @Test(arguments: ["2.0", "2e0", "1e3", "-0", "9223372036854775808", "1.5"])
  func notAnInteger(_ text: String) throws {
    #expect(try JSONValue(parsing: text).integer == nil)
  }

  @Test func integers() throws {
    #expect(try JSONValue(parsing: "9223372036854775807").integer == .max)
    #expect(try JSONValue(parsing: "-12").integer == -12)
    #expect(try JSONValue(parsing: "1e999").number?.double == nil)
  }

  @Test(arguments: ["01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "00", "-01"])
  func refusesNumbers(_ text: String) {
    #expect(cause(text) != nil)
    #expect(JSONNumber(text) == nil)
  }

  @Test(arguments: [
    "", " ", "NaN", "Infinity", "nul", "truee", "[1,]", "[,1]", "[1 2]", #"{"a":1,}"#, #"{"a" 1}"#,
    "{a:1}", "'a'", "\"a", "\"\u{1}\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "[", "{", "1 1", "//",
    "\u{feff}1",
  ])
  func refusesTexts(_ text: String) { #expect(cause(text) != nil) }

  @Test func refusesDuplicates() {
    #expect(cause(#"{"a":1,"a":1}"#) == .duplicateName("a"))
    #expect(cause(#"{"a":1,"\u0061":2}"#) == .duplicateName("a"))
    let many = (0..<20).map { "\"n\($0)\":0" }.joined(separator: ",")
    #expect(cause("{\(many)}") == nil)
    #expect(cause("{\(many),\"n0\":0}") == .duplicateName("n0"))
    #expect(cause("{\(many),\"n19\":0}") == .duplicateName("n19"))
    #expect(cause("{\(many),\"n8\":0}") == .duplicateName("n8"))
  }

  @Test func refusesDepthAndSize() {
    #expect(cause(String(repeating: "[", count: 8) + String(repeating: "]", count: 8)) == nil)
    #expect(cause(String(repeating: "[", count: 100_000)) == .depth(limit: 8))
    #expect(cause(String(repeating: #"{"a":"#, count: 9)) == .depth(limit: 8))
    #expect(
      cause("[" + Array(repeating: "1", count: 50).joined(separator: ",") + "]")
        == .values(limit: 50))
  }

  @Test func refusesBadUnicode() {
    #expect(cause([0x22, 0xc3, 0x28, 0x22]) == .invalidUTF8)
    #expect(cause([0x22, 0xed, 0xa0, 0x80, 0x22]) == .invalidUTF8)
    #expect(cause([0x22, 0xc0, 0x80, 0x22]) == .invalidUTF8)
    #expect(cause([0x22, 0xff, 0x22]) == .invalidUTF8)
    #expect(cause(#""\ud800""#) == .loneSurrogate)
    #expect(cause(#""\udc00""#) == .loneSurrogate)
    #expect(cause(#""\ud800\ud800""#) == .loneSurrogate)
    #expect(cause(#""\ud800\n""#) == .loneSurrogate)
  }

  @Test func writesCanonically() throws {
    let value = try JSONValue(
      parsing: #"{ "é":1.50, "z":[ ], "a":{"b":"\u0001\t\"\\\/é"}, "Z":null }"#)
    let canonical = #"{"Z":null,"a":{"b":"\u0001\t\"\\/é"},"z":[],"é":1.50}"#
    #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == canonical)
    #expect(try JSONValue(parsing: value.orderedBytes) == value)
    #expect(try JSONValue(parsing: value.canonicalBytes).canonicalBytes == value.canonicalBytes)
  }
}

(* JSON as certificate/v1 uses it: whole numbers only, every member once. *)

type t =
  | Null
  | Bool of bool
  | Number of string
  | String of string
  | Array of t list
  | Object of (string * t) list

exception Error of string

let error text = raise (Error text)

let utf8 buffer code = Buffer.add_utf_8_uchar buffer (Uchar.of_int code)

let parse text =
  let length = String.length text in
  let at = ref 0 in
  let peek () = if !at < length then text.[!at] else '\000' in
  let rec skip () =
    match peek () with
    | (' ' | '\t' | '\n' | '\r') when !at < length -> incr at; skip ()
    | _ -> ()
  in
  let expect c =
    if !at < length && text.[!at] = c then incr at
    else error (Printf.sprintf "byte %d: expected %C" !at c)
  in
  let word w value =
    let n = String.length w in
    if !at + n <= length && String.sub text !at n = w then (at := !at + n; value)
    else error (Printf.sprintf "byte %d: expected %s" !at w)
  in
  let hex4 () =
    if !at + 4 > length then error "a string is cut";
    let code = try int_of_string ("0x" ^ String.sub text !at 4) with _ -> error "bad \\u" in
    at := !at + 4;
    code
  in
  let string () =
    expect '"';
    let buffer = Buffer.create 16 in
    let rec go () =
      if !at >= length then error "a string is cut";
      let c = text.[!at] in
      incr at;
      match c with
      | '"' -> Buffer.contents buffer
      | '\\' ->
        let e = peek () in
        incr at;
        (match e with
         | '"' | '\\' | '/' -> Buffer.add_char buffer e
         | 'b' -> Buffer.add_char buffer '\b'
         | 't' -> Buffer.add_char buffer '\t'
         | 'n' -> Buffer.add_char buffer '\n'
         | 'f' -> Buffer.add_char buffer '\012'
         | 'r' -> Buffer.add_char buffer '\r'
         | 'u' ->
           let code = hex4 () in
           if code >= 0xd800 && code < 0xdc00 then begin
             expect '\\'; expect 'u';
             let low = hex4 () in
             if low < 0xdc00 || low > 0xdfff then error "half a surrogate pair";
             utf8 buffer (0x10000 + ((code - 0xd800) lsl 10) + (low - 0xdc00))
           end
           else if code >= 0xdc00 && code < 0xe000 then error "half a surrogate pair"
           else utf8 buffer code
         | _ -> error "bad escape");
        go ()
      | c when c < ' ' -> error "a control character in a string"
      | c -> Buffer.add_char buffer c; go ()
    in
    go ()
  in
  let number () =
    let start = !at in
    while !at < length && (match text.[!at] with
        | '0' .. '9' | '-' | '+' | '.' | 'e' | 'E' -> true | _ -> false) do incr at done;
    if !at = start then error (Printf.sprintf "byte %d: no value" start);
    Number (String.sub text start (!at - start))
  in
  let rec value depth =
    if depth > 64 then error "nested too deeply";
    skip ();
    let result =
      match peek () with
      | '{' -> incr at; Object (members depth [])
      | '[' -> incr at; Array (elements depth [])
      | '"' -> String (string ())
      | 't' -> word "true" (Bool true)
      | 'f' -> word "false" (Bool false)
      | 'n' -> word "null" Null
      | _ -> number ()
    in
    skip ();
    result
  and members depth found =
    skip ();
    if found = [] && peek () = '}' then (incr at; [])
    else begin
      let name = (skip (); string ()) in
      if List.mem_assoc name found then error ("the member " ^ name ^ " twice");
      skip (); expect ':';
      let found = (name, value (depth + 1)) :: found in
      match peek () with
      | ',' -> incr at; members depth found
      | _ -> expect '}'; List.rev found
    end
  and elements depth found =
    skip ();
    if found = [] && peek () = ']' then (incr at; [])
    else begin
      let found = value (depth + 1) :: found in
      match peek () with
      | ',' -> incr at; elements depth found
      | _ -> expect ']'; List.rev found
    end
  in
  let result = value 0 in
  if !at <> length then error (Printf.sprintf "byte %d: more text" !at);
  result

(* The text that is digested: members sorted, no white space. *)
let canonical json =
  let buffer = Buffer.create 4096 in
  let add = Buffer.add_string buffer in
  let string s =
    add "\"";
    String.iter
      (function
        | ('"' | '\\') as c -> add "\\"; Buffer.add_char buffer c
        | '\b' -> add "\\b" | '\t' -> add "\\t" | '\n' -> add "\\n"
        | '\012' -> add "\\f" | '\r' -> add "\\r"
        | c when c < ' ' -> add (Printf.sprintf "\\u%04x" (Char.code c))
        | c -> Buffer.add_char buffer c)
      s;
    add "\""
  in
  let separated f items = List.iteri (fun i x -> if i > 0 then add ","; f x) items in
  let rec write = function
    | Null -> add "null"
    | Bool b -> add (string_of_bool b)
    | Number n -> add n
    | String s -> string s
    | Array items -> add "["; separated write items; add "]"
    | Object members ->
      add "{";
      separated (fun (name, x) -> string name; add ":"; write x)
        (List.sort (fun (a, _) (b, _) -> compare a b) members);
      add "}"
  in
  write json;
  Buffer.contents buffer

(* Reading fields; [field] is the name that an error gives. *)

let members field = function Object m -> m | _ -> error (field ^ ": expected an object")

let exactly field names json =
  let found = members field json in
  List.iter (fun n -> if not (List.mem_assoc n found) then error (field ^ "." ^ n ^ ": missing")) names;
  List.iter (fun (n, _) -> if not (List.mem n names) then error (field ^ "." ^ n ^ ": unknown")) found

let get field name json =
  match List.assoc_opt name (members field json) with
  | Some x -> x
  | None -> error (field ^ "." ^ name ^ ": missing")

let text field = function String s -> s | _ -> error (field ^ ": expected a text")
let list field = function Array items -> items | _ -> error (field ^ ": expected an array")
let boolean field = function Bool b -> b | _ -> error (field ^ ": expected true or false")

let integer field = function
  | Number n when n <> "-0" && String.length n <= 15 ->
    (match int_of_string_opt n with
     | Some i when string_of_int i = n -> i
     | _ -> error (field ^ ": expected a whole number"))
  | _ -> error (field ^ ": expected a whole number")

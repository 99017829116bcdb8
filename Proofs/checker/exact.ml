(* Exact numbers: doubles and quotients as quotients of integers. *)

type t = { top : Z.t; bottom : Z.t }

exception Error of string

let make top bottom =
  let g = Z.gcd top bottom in
  let g = if Z.sign bottom < 0 then Z.neg g else g in
  { top = Z.divexact top g; bottom = Z.divexact bottom g }

let integer n = { top = Z.of_int n; bottom = Z.one }
let zero = integer 0
let one = integer 1

let of_float x =
  if Float.is_nan x || Float.abs x = infinity then raise (Error "not a finite number");
  let m, e = Float.frexp x in
  let m = Z.of_float (Float.ldexp m 53) and e = e - 53 in
  if e >= 0 then { top = Z.shift_left m e; bottom = Z.one }
  else make m (Z.shift_left Z.one (-e))

(* The one spelling of a double that is not negative: one digit before the point, also below the normal numbers. *)
let spelled x =
  if x = 0. then "0x0p+0"
  else
    let m, e = Float.frexp x in
    let significand = Printf.sprintf "%h" (2. *. m) in
    String.sub significand 0 (String.index significand 'p') ^ Printf.sprintf "p%+d" (e - 1)

(* "0x1.8p-2", "3", "-3/10", or a quotient of two of these. *)
let of_text text =
  let bad () = raise (Error (Printf.sprintf "%S is no exact number" text)) in
  let part s =
    let negative = s <> "" && s.[0] = '-' in
    let rest = if negative then String.sub s 1 (String.length s - 1) else s in
    let hexadecimal = String.length rest > 2 && String.sub rest 0 2 = "0x" in
    let allowed = function
      | '0' .. '9' -> true
      | 'a' .. 'f' | '.' | 'p' | 'x' | '+' | '-' -> hexadecimal
      | _ -> false
    in
    if rest = "" || not (String.for_all allowed rest) then bad ();
    let x =
      if hexadecimal then
        let x = try float_of_string rest with _ -> bad () in
        (* Only what a double holds, as it is spelled. *)
        if spelled x <> rest then bad () else of_float x
      else if String.length rest > 1 && rest.[0] = '0' then bad ()
      else { top = Z.of_string rest; bottom = Z.one }
    in
    if negative then { x with top = Z.neg x.top } else x
  in
  match String.split_on_char '/' text with
  | [ a ] -> part a
  | [ a; b ] ->
    let a = part a and b = part b in
    if Z.sign b.top <= 0 then bad ();
    make (Z.mul a.top b.bottom) (Z.mul a.bottom b.top)
  | _ -> bad ()

let sign x = Z.sign x.top
let compare a b = Z.compare (Z.mul a.top b.bottom) (Z.mul b.top a.bottom)
let add a b = make (Z.add (Z.mul a.top b.bottom) (Z.mul b.top a.bottom)) (Z.mul a.bottom b.bottom)
let div a b = make (Z.mul a.top b.bottom) (Z.mul a.bottom b.top)
let neg a = { a with top = Z.neg a.top }

(* Over the least common denominator. *)
let over_one numbers =
  let d = List.fold_left (fun d x -> Z.lcm d x.bottom) Z.one numbers in
  (List.map (fun x -> Z.mul x.top (Z.divexact d x.bottom)) numbers, d)

let over_one_table rows =
  let d =
    List.fold_left (List.fold_left (fun d x -> if Z.divisible d x.bottom then d else Z.lcm d x.bottom))
      Z.one rows
  in
  (List.map (List.map (fun x -> Z.mul x.top (Z.divexact d x.bottom))) rows, d)

(* Six digits. [up] rounds away from what is claimed, so that the printed claim stays true. *)
let decimal ~up x =
  let scaled = Z.mul x.top (Z.of_int 1_000_000) in
  let q = if up then Z.cdiv scaled x.bottom else Z.fdiv scaled x.bottom in
  let whole, rest = Z.div_rem q (Z.of_int 1_000_000) in
  Printf.sprintf "%s.%06d" (Z.to_string whole) (Z.to_int rest)

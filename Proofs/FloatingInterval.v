(** Interval.swift: every operation encloses the exact result, whatever the ends are, infinities and NaN included. *)
From Coq Require Import ZArith Reals Lra Lia ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts.

Local Open Scope R_scope.

Record interval := Interval { lower : double; upper : double }.

(** x lies inside, as far as the ends that are numbers say. *)
Definition contains (X : interval) (x : R) : Prop := below x (lower X) /\ above x (upper X).

Definition point (x : double) := Interval x x.
Definition one : double := @B754_finite prec emax false 4503599627370496 (-52) eq_refl.
Definition two : double := @B754_finite prec emax false 4503599627370496 (-51) eq_refl.
Lemma val_one : val one = 1. Proof. by rewrite /= /F2R /= /Z.pow_pos /=; lra. Qed.

(** Swift.max. *)
Definition swiftMax (x y : double) := if fle x y then y else x.

Definition least (x y : double) := if is_nan x || is_nan y then nan else if flt x y then x else y.
Definition greatest (x y : double) := if is_nan x || is_nan y then nan else if flt y x then x else y.

Definition add (a b : interval) :=
  Interval (addingDown (lower a) (lower b)) (addingUp (upper a) (upper b)).
Definition sub (a b : interval) :=
  Interval (subtractingDown (lower a) (upper b)) (subtractingUp (upper a) (lower b)).
Definition opp (a : interval) := Interval (fopp (upper a)) (fopp (lower a)).

Definition product (x y : double) : interval :=
  let: (p, e) := twoProduct x y in
  if fle threshold (fabs p) && is_finite p then
    Interval (if flt e zero then fpred p else p) (if flt zero e then fsucc p else p)
  else if feq x one then point y else if feq y one then point x
  else Interval (multiplyingDown x y) (multiplyingUp x y).

Definition mul (a b : interval) : interval :=
  let: Interval al au := a in
  let: Interval bl bu := b in
  if feq al au && feq bl bu then product al bl
  else if [&& fle zero al, fle al au, flt au inf, fle bl bu, flt (fopp inf) bl & flt bu inf] then
    Interval (multiplyingDown (if fle zero bl then al else au) bl)
      (multiplyingUp (if fle zero bu then au else al) bu)
  else
    Interval
      (least (least (multiplyingDown al bl) (multiplyingDown al bu))
        (least (multiplyingDown au bl) (multiplyingDown au bu)))
      (greatest (greatest (multiplyingUp al bl) (multiplyingUp al bu))
        (greatest (multiplyingUp au bl) (multiplyingUp au bu))).

Definition div (a b : interval) : interval :=
  if flt zero (lower b) then
    Interval (dividingDown (lower a) (if fle zero (lower a) then upper b else lower b))
      (dividingUp (upper a) (if fle zero (upper a) then lower b else upper b))
  else point nan.

Definition squareRoot (a : interval) : interval :=
  if fle zero (lower a) then Interval (squareRootDown (lower a)) (squareRootUp (upper a)) else point nan.

Definition magnitude (a : interval) : double :=
  if is_nan (lower a) || is_nan (upper a) then nan else swiftMax (fabs (lower a)) (fabs (upper a)).

Definition union (a b : interval) := Interval (least (lower a) (lower b)) (greatest (upper a) (upper b)).

Definition centre (a : interval) : double * double :=
  if feq (lower a) (upper a) then (lower a, zero)
  else
    let middle := fadd (lower a) (fdiv (fsub (upper a) (lower a)) two) in
    (middle, swiftMax (subtractingUp middle (lower a)) (subtractingUp (upper a) middle)).

(** ** They enclose *)

Lemma contains_nan x : contains (point nan) x. Proof. by []. Qed.

Lemma contains_point (a : double) : contains (point a) (val a) \/ is_finite a = false.
Proof.
by case: (boolP (is_finite a)) => [F|]; [left; split=> /= | right; apply/negbTE] => //;
  [apply/below_fin | apply/above_fin] => //; apply: Rle_refl.
Qed.

Theorem contains_add A B x y : contains A x -> contains B y -> contains (add A B) (x + y).
Proof. by move=> [? ?] [? ?]; split; [apply: addingDown_below | apply: addingUp_above]. Qed.

Theorem contains_sub A B x y : contains A x -> contains B y -> contains (sub A B) (x - y).
Proof. by move=> [? ?] [? ?]; split; [apply: subtractingDown_below | apply: subtractingUp_above]. Qed.

Theorem contains_opp A x : contains A x -> contains (opp A) (- x).
Proof. by move=> [l h]; split=> //; rewrite /below /opp /fopp /= Bopp_involutive Ropp_involutive. Qed.

(** Equal ends are one finite number. *)
Lemma contains_equal l h x : contains (Interval l h) x -> feq l h -> fin l /\ x = val l.
Proof.
move=> [/= lx xh] e; have [Fl Fh] : fin l /\ fin h.
  by case: l h lx xh e => [?|[]||? ? ? ?] [?|[]||? ? ? ?].
split=> //; have := below_finite _ _ lx Fl; have := above_finite _ _ xh Fh.
by move: e; rewrite /feq Beqb_correct //; case: Req_bool_spec => // ->; lra.
Qed.

Lemma product_contains x y : fin x -> fin y -> contains (product x y) (val x * val y).
Proof.
move=> Fx Fy; rewrite /product /twoProduct.
case: ifP => [/andP[big Fp]|_].
  have W := product_error_whole x y Fp big; have [_ _ E] := fmul_fin _ _ Fp.
  rewrite fused_lt0 ?fin_opp // fused_gt0 ?fin_opp // val_opp; split=> /=.
    by case: Rlt_bool_spec => h; [apply: below_pred_rnd | apply/below_fin => //; lra].
  by case: Rlt_bool_spec => h; [apply: above_succ_rnd | apply/above_fin => //; lra].
have eq1 z : fin z -> feq z one -> val z = 1.
  by move=> Fz; rewrite /feq Beqb_correct // val_one; case: Req_bool_spec.
case: ifP => [/(eq1 _ Fx) ->|_].
  by rewrite Rmult_1_l; split; [apply/below_fin | apply/above_fin] => //; apply: Rle_refl.
case: ifP => [/(eq1 _ Fy) ->|_].
  by rewrite Rmult_1_r; split; [apply/below_fin | apply/above_fin] => //; apply: Rle_refl.
by split; [apply: multiplyingDown_below | apply: multiplyingUp_above] => _ _; apply: Rle_refl.
Qed.

Lemma flt_not_nan x y : flt x y = false -> is_nan x = false -> is_nan y = false -> fle y x.
Proof.
case: (boolP (is_finite x)) => Fx; case: (boolP (is_finite y)) => Fy.
- by rewrite /flt /fle Bltb_correct // Bleb_correct //; case: Rlt_bool_spec => // h _ _ _; rewrite Rle_bool_true.
- by case: y Fy => [?|[]||? ? ? ?] //; case: x Fx => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|[]||? ? ? ?].
Qed.

Lemma fle_above t x y : fle x y -> above t x -> above t y.
Proof.
case: (boolP (is_finite x)) => Fx; case: (boolP (is_finite y)) => Fy.
- by move=> /(fle_fin _ _ Fx Fy) xy /above_finite/(_ Fx) tx; apply/above_fin => //; lra.
- by case: y Fy => [?|[]||? ? ? ?] //; case: x Fx => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|[]||? ? ? ?].
Qed.

Lemma fle_below t x y : fle x y -> below t y -> below t x.
Proof.
move=> xy; apply: fle_above; move: xy; case: (boolP (is_finite x)) => Fx; case: (boolP (is_finite y)) => Fy.
- by move=> /(fle_fin _ _ Fx Fy) xy; rewrite /fle Bleb_correct ?fin_opp // !val_opp Rle_bool_true //; lra.
- by case: y Fy => [?|[]||? ? ? ?] //; case: x Fx => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|?||[] ? ? ?].
- by case: x Fx => [?|[]||? ? ? ?] //; case: y Fy => [?|[]||? ? ? ?].
Qed.

Lemma flt_fle x y : flt x y -> fle x y.
Proof. by rewrite /flt /fle /Bltb /Bleb /SpecFloat.SFltb /SpecFloat.SFleb; case: SpecFloat.SFcompare => // -[]. Qed.

Lemma greatest_above t x y : above t x \/ above t y -> above t (greatest x y).
Proof.
rewrite /greatest; case: ifP => // /norP[nx ny].
case: ifP => [yx|/flt_not_nan xy] [h|h] //; first by apply: fle_above h; apply: flt_fle.
by apply: fle_above h; apply: xy; apply/negbTE.
Qed.

Lemma least_below t x y : below t x \/ below t y -> below t (least x y).
Proof.
rewrite /least; case: ifP => // /norP[nx ny].
case: ifP => [yx|/flt_not_nan xy] [h|h] //; first by apply: fle_below h; apply: flt_fle.
by apply: fle_below h; apply: xy; apply/negbTE.
Qed.

Theorem contains_mul A B x y : contains A x -> contains B y -> contains (mul A B) (x * y).
Proof.
case: A B => [al au] [bl bu] hA hB; rewrite /mul.
case: ifP => [/andP[/(contains_equal _ _ _ hA)[Fa ->] /(contains_equal _ _ _ hB)[Fb ->]]|_].
  exact: product_contains.
case: hA hB => /= lx xh [/= ly yh]; case: ifP => [/and5P[a0 aa ai bb /andP[bi bj]]|_].
  have Fau : fin au by case: au xh ai {aa} => [?|[]||? ? ? ?].
  have Fal : fin al by case: al lx a0 aa => [?|[]||? ? ? ?].
  have Fbu : fin bu by case: bu yh bj {bb} => [?|[]||? ? ? ?].
  have Fbl : fin bl by case: bl ly bi bb => [?|[]||? ? ? ?].
  move: (below_finite _ _ lx Fal) (above_finite _ _ xh Fau) => {}lx {}xh.
  move: (below_finite _ _ ly Fbl) (above_finite _ _ yh Fbu) => {}ly {}yh.
  have {}a0 := fle_fin zero al isT Fal a0; rewrite /= in a0; split=> /=.
    apply: multiplyingDown_below => _ _; rewrite /fle Bleb_correct //=.
    by case: Rle_bool_spec => h; nra.
  apply: multiplyingUp_above => _ _; rewrite /fle Bleb_correct //=.
  by case: Rle_bool_spec => h; nra.
case: (boolP [&& is_finite al, is_finite au, is_finite bl & is_finite bu]) => [/and4P[F1 F2 F3 F4]|nf].
  move: (below_finite _ _ lx F1) (above_finite _ _ xh F2) => {}lx {}xh.
  move: (below_finite _ _ ly F3) (above_finite _ _ yh F4) => {}ly {}yh.
  split=> /=.
    case: (Rle_or_lt 0 y) => y0.
      case: (Rle_or_lt 0 (val al)) => a0; apply: least_below; left; apply: least_below; [left|right];
        by apply: multiplyingDown_below; nra.
    case: (Rle_or_lt 0 (val au)) => a0; apply: least_below; right; apply: least_below; [left|right];
      by apply: multiplyingDown_below; nra.
  case: (Rle_or_lt 0 y) => y0.
    case: (Rle_or_lt 0 (val au)) => a0; apply: greatest_above; right; apply: greatest_above; [right|left];
      by apply: multiplyingUp_above; nra.
  case: (Rle_or_lt 0 (val al)) => a0; apply: greatest_above; left; apply: greatest_above; [right|left];
    by apply: multiplyingUp_above; nra.
have up c d z : ~~ (is_finite c && is_finite d) -> above z (multiplyingUp c d).
  by move=> n; apply: multiplyingUp_above => Fc Fd; rewrite Fc Fd in n.
have down c d z : ~~ (is_finite c && is_finite d) -> below z (multiplyingDown c d).
  by move=> n; apply: multiplyingDown_below => Fc Fd; rewrite Fc Fd in n.
have [n|n] : ~~ (is_finite al && is_finite bl) \/ ~~ (is_finite au && is_finite bu).
  by move: nf; do 4! case: is_finite; [left|right|left|right|..]; auto.
- by split=> /=; [apply: least_below; left; apply: least_below; left; apply: down
    | apply: greatest_above; left; apply: greatest_above; left; apply: up].
- by split=> /=; [apply: least_below; right; apply: least_below; right; apply: down
  | apply: greatest_above; right; apply: greatest_above; right; apply: up].
Qed.

Lemma div_le a b c d : 0 < b -> 0 < d -> a * d <= c * b -> a / b <= c / d.
Proof.
move=> b0 d0 h; apply: (Rmult_le_reg_r (b * d)); first nra.
have -> : a / b * (b * d) = a * d by field; lra.
by have -> : c / d * (b * d) = c * b by field; lra.
Qed.

Theorem contains_div A B x y : contains A x -> contains B y -> contains (div A B) (x / y).
Proof.
case: A B => [al au] [bl bu] [/= lx xh] [/= ly yh]; rewrite /div /=; case: ifP => // b0.
have Fbl : fin bl by case: bl ly b0 => [?|[]||? ? ? ?].
have {}ly := below_finite _ _ ly Fbl; have {}b0 := flt_fin zero bl isT Fbl b0; rewrite /= in b0.
split=> /=.
  apply: dividingDown_below => Fa; have {}lx := below_finite _ _ lx Fa; rewrite /fle Bleb_correct //=.
  case: Rle_bool_spec => a0 Fd d0; last by apply: div_le; nra.
  by have := above_finite _ _ yh Fd => ?; apply: div_le; nra.
apply: dividingUp_above => Fa; have {}xh := above_finite _ _ xh Fa; rewrite /fle Bleb_correct //=.
case: Rle_bool_spec => a0 Fd d0; first by apply: div_le; nra.
by have := above_finite _ _ yh Fd => ?; apply: div_le; nra.
Qed.

Theorem contains_squareRoot A x : contains A x -> contains (squareRoot A) (sqrt x).
Proof.
case: A => [l h] [/= lx xh]; rewrite /squareRoot /=; case: ifP => // l0.
split=> /=; last exact: squareRootUp_above.
apply: squareRootDown_below => //; have Fl : fin l by case: l lx l0 => [?|[]||? ? ? ?].
by have := below_finite _ _ lx Fl; have := fle_fin zero l isT Fl l0; rewrite /=; lra.
Qed.

Theorem magnitude_above A x : contains A x -> above (Rabs x) (magnitude A).
Proof.
case: A => [l h] [/= lx xh]; rewrite /magnitude /=; case: ifP => // /norP[nl nh].
have [Fl|->] : fin l \/ fabs l = inf by case: l lx nl {xh} => [?|[]||? ? ? ?] //= *; [left|right|left].
  have {}lx := below_finite _ _ lx Fl.
  have [Fh|->] : fin h \/ fabs h = inf by case: h xh nh => [?|[]||? ? ? ?] //= *; [left|right|left].
    have {}xh := above_finite _ _ xh Fh.
    rewrite /swiftMax /fle Bleb_correct ?fin_abs // !val_abs; case: Rle_bool_spec => ?;
      apply/above_fin; rewrite ?fin_abs // val_abs; split_Rabs; lra.
  by rewrite /swiftMax; case: l Fl {lx nl} => [?|[]||[] ? ? ?].
by rewrite /swiftMax; case: h nh {xh} => [?|[]||[] ? ? ?].
Qed.

Theorem contains_union A B x : contains A x \/ contains B x -> contains (union A B) x.
Proof.
move=> h; split; [apply: least_below | apply: greatest_above]; by case: h => -[? ?]; [left|right].
Qed.

(** The quotient of two positive numbers by one division. *)
Definition quotient (x y : double) : interval :=
  let q := fdiv x y in
  if [&& fle threshold x, fle (@B754_finite prec emax false 4503599627370496 (-1074) eq_refl) q, flt q inf &
      flt y inf] then
    let remainder := ffma (fopp q) y x in
    Interval (if flt remainder zero then fpred q else q) (if flt zero remainder then fsucc q else q)
  else Interval (dividingDown x y) (dividingUp x y).

Theorem contains_quotient x y : fin x -> fin y -> 0 < val y -> contains (quotient x y) (val x / val y).
Proof.
move=> Fx Fy y0; have yn : val y <> 0 by lra.
rewrite /quotient; case: ifP => [/and4P[big q1 q2 _]|_]; last first.
  by split; [apply: dividingDown_below | apply: dividingUp_above] => *; apply: Rle_refl.
have Fq : fin (fdiv x y) by case: (fdiv x y) q1 q2 => [?|[]||? ? ? ?].
have [_ E] := fdiv_fin _ _ yn Fq.
have {}big : bpow (-917) <= Rabs (val x).
  have := fle_fin threshold x isT Fx big; rewrite val_threshold => ?.
  by apply: Rle_trans (Rle_abs _).
have W : whole (val (fopp (fdiv x y)) * val y + val x) by rewrite val_opp E; apply: remainder_whole.
have F : val x = val x / val y * val y by field.
rewrite fused_lt0 ?fin_opp // fused_gt0 ?fin_opp // val_opp E; split=> /=.
  case: Rlt_bool_spec => h; first exact: below_pred_rnd.
  by apply/below_fin => //; rewrite E; move: h; rewrite {2}F => h; nra.
case: Rlt_bool_spec => h; first exact: above_succ_rnd.
by apply/above_fin => //; rewrite E; move: h; rewrite {2}F => h; nra.
Qed.

(** ** The centre *)

Lemma addingUp_not_nan a b : fin a -> fin b -> is_nan (addingUp a b) = false.
Proof.
move=> Fa Fb; rewrite /addingUp /twoSum; set e := fadd (fsub a _) _.
have n : is_nan (fadd a b) = false by case: a b Fa Fb {e} => [?|?||? ? ? ?] [?|?||? ? ? ?] // _ _;
  rewrite /fadd /Bplus; try case: eqb => //; rewrite ?is_nan_binary_normalize //; case: Bool.eqb.
case: (boolP (is_finite (fadd a b))) => F; last by rewrite n.
by case: (fle e zero) => //; rewrite /fsucc is_nan_Bsucc.
Qed.

Theorem centre_encloses A x (m := (centre A).1) (r := (centre A).2) :
  contains A x -> fin m -> fin r -> Rabs (x - val m) <= val r.
Proof.
rewrite /m /r {m r}/centre; case: A => [l h] hA /=; case: ifP => [/(contains_equal _ _ _ hA)[_ ->] _ _|_].
  by rewrite /= Rminus_diag_eq // Rabs_R0; apply: Rle_refl.
case: hA => /= lx xh; set c := fadd _ _ => Fm.
have am : above (val c) c by apply/above_fin => //; apply: Rle_refl.
have bm : below (val c) c by apply/below_fin => //; apply: Rle_refl.
have h1 := subtractingUp_above _ _ _ _ am lx; have h2 := subtractingUp_above _ _ _ _ xh bm.
rewrite /swiftMax; case: ifP => [le Fr|nle Fr].
  by have := above_finite _ _ (fle_above _ _ _ le h1) Fr; have := above_finite _ _ h2 Fr; split_Rabs; lra.
have [Fl Fq _] := fadd_fin _ _ Fm.
have t0 : val two <> 0 by rewrite /= /F2R /= /Z.pow_pos /=; lra.
have [/fsub_fin[Fh _ _] _] := fdiv_fin _ _ t0 Fq.
have n2 : is_nan (subtractingUp h c) = false by apply: addingUp_not_nan; rewrite ?fin_opp.
have {}h1 := above_finite _ _ h1 Fr; suff ? : x - val c <= val (subtractingUp c l) by split_Rabs; lra.
case: (boolP (is_finite (subtractingUp h c))) => F2.
  have := above_finite _ _ h2 F2; move: nle; rewrite /fle Bleb_correct //; case: Rle_bool_spec => // ? _; lra.
case: (subtractingUp h c) h2 n2 F2 nle => [?|[]||? ? ? ?] //.
by case: (subtractingUp c l) Fr => [?|?||[] ? ? ?].
Qed.

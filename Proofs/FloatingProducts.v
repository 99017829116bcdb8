(** Rounding.swift, second part: products, quotients and square roots rounded up and down. The sign of a fused
    remainder tells on which side of the exact value the rounded one fell, wherever the remainder is a whole number of
    smallest subnormals; below that the kernel takes one step in any case. *)
From Coq Require Import ZArith Reals Lra Lia ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN Mult_error.
From Certify Require Import FloatingPoint FloatingRounding.

Local Open Scope R_scope.

(** ** Whole numbers of smallest subnormals *)

Definition whole (x : R) : Prop := exists k, x = IZR k * eta.

Lemma whole_sub x y : whole x -> whole y -> whole (x - y).
Proof. by move=> [k ->] [l ->]; exists (k - l)%Z; rewrite minus_IZR; ring. Qed.

Lemma whole_opp x : whole x -> whole (- x).
Proof. by move=> [k ->]; exists (- k)%Z; rewrite opp_IZR; ring. Qed.

Lemma whole_bpow m e : (emin <= e)%Z -> whole (IZR m * bpow e).
Proof.
move=> h; exists (m * 2 ^ (e - emin))%Z; rewrite mult_IZR (IZR_Zpower radix2); first lia.
by rewrite Rmult_assoc /eta -bpow_plus; congr (_ * bpow _); ring.
Qed.

Lemma whole_format x : format x -> whole x.
Proof. by move=> ->; rewrite /F2R /=; apply: whole_bpow; rewrite /cexp /FLT_exp; lia. Qed.

Lemma whole_mul x y : format x -> format y -> bpow (-968) <= Rabs (x * y) -> whole (x * y).
Proof.
move=> Fx Fy xy; have xy0 : x * y <> 0 by move=> E; move: xy; rewrite E Rabs_R0; have := bpow_gt_0 radix2 (-968); lra.
have x0 : x <> 0 by move=> E; apply: xy0; rewrite E Rmult_0_l.
have y0 : y <> 0 by move=> E; apply: xy0; rewrite E Rmult_0_r.
have h : (-968 < mag radix2 x + mag radix2 y)%Z.
  apply: (lt_bpow radix2); apply: Rle_lt_trans xy _; rewrite Rabs_mult bpow_plus.
  by apply: Rmult_lt_compat; try apply: Rabs_pos; apply: bpow_mag_gt.
rewrite {1}Fx {1}Fy /F2R /=; set m := Ztrunc _; set l := Ztrunc _.
have -> : IZR m * bpow (cexp radix2 fexp x) * (IZR l * bpow (cexp radix2 fexp y))
  = IZR (m * l) * bpow (cexp radix2 fexp x + cexp radix2 fexp y) by rewrite mult_IZR bpow_plus; ring.
by apply: whole_bpow; rewrite /cexp /FLT_exp /prec /emin; lia.
Qed.

Lemma rnd_whole_pos x : whole x -> 0 < x -> 0 < rnd x.
Proof.
move=> [k ->]; have e0 := eta_pos => k0; apply: (Rlt_le_trans _ eta) => //.
have Fe : format eta by apply: generic_format_bpow.
have {}k0 : (0 < k)%Z by apply: lt_IZR; apply: Rnot_le_lt => ?; nra.
have k1 : 1 <= IZR k by apply: IZR_le; lia.
by rewrite -{1}(rnd_id _ Fe); apply: rnd_le; nra.
Qed.

Lemma rnd_whole_neg x : whole x -> x < 0 -> rnd x < 0.
Proof.
move=> Wx x0; have := rnd_whole_pos (- x) (whole_opp _ Wx) ltac:(lra); rewrite rnd_opp; lra.
Qed.

(** ** The sign of a fused remainder *)

Section Fused.
Variables (a b c : double).
Hypotheses (Fa : fin a) (Fb : fin b) (Fc : fin c).
Let t := val a * val b + val c.
Hypothesis Wt : whole t.

Lemma fused_cases : (fin (ffma a b c) /\ val (ffma a b c) = rnd t) \/
  (ffma a b c = B754_infinity (Rlt_bool t 0) /\ t <> 0).
Proof.
have := Bfma_correct prec emax prec_gt0 prec_lt_emax mode_NE a b c Fa Fb Fc; rewrite /= -/(ffma a b c) -/t.
case: Rlt_bool_spec => [_ [-> [-> _]]|h E]; first by left.
right; split; first by move: E; case: (ffma a b c) => // s [->].
move=> t0; move: h; rewrite t0 round_0 Rabs_R0; have := bpow_gt_0 radix2 emax; lra.
Qed.

Lemma fused_le0 : fle (ffma a b c) zero = Rle_bool t 0.
Proof.
case: fused_cases => [[F E]|[-> t0]].
  rewrite /fle Bleb_correct // E /=; case: (Rle_bool_spec t 0) => h.
    by rewrite Rle_bool_true // -rnd0; apply: rnd_le.
  by rewrite Rle_bool_false //; apply: rnd_whole_pos.
by case: (Rlt_bool_spec t 0) => h; [rewrite Rle_bool_true //; lra | rewrite Rle_bool_false //; lra].
Qed.

Lemma fused_ge0 : fle zero (ffma a b c) = Rle_bool 0 t.
Proof.
case: fused_cases => [[F E]|[-> t0]].
  rewrite /fle Bleb_correct // E /=; case: (Rle_bool_spec 0 t) => h.
    by rewrite Rle_bool_true // -rnd0; apply: rnd_le.
  by rewrite Rle_bool_false //; apply: rnd_whole_neg.
by case: (Rlt_bool_spec t 0) => h; [rewrite Rle_bool_false //; lra | rewrite Rle_bool_true //; lra].
Qed.

Lemma fused_lt0 : flt (ffma a b c) zero = Rlt_bool t 0.
Proof.
case: fused_cases => [[F E]|[-> t0]]; last by case: Rlt_bool.
rewrite /flt Bltb_correct // E /=; case: (Rlt_bool_spec t 0) => h.
  by rewrite Rlt_bool_true //; apply: rnd_whole_neg.
by rewrite Rlt_bool_false // -rnd0; apply: rnd_le.
Qed.

Lemma fused_gt0 : flt zero (ffma a b c) = Rlt_bool 0 t.
Proof.
case: fused_cases => [[F E]|[-> t0]].
  rewrite /flt Bltb_correct // E /=; case: (Rlt_bool_spec 0 t) => h.
    by rewrite Rlt_bool_true //; apply: rnd_whole_pos.
  by rewrite Rlt_bool_false // -rnd0; apply: rnd_le.
by case: (Rlt_bool_spec t 0) => h; [rewrite Rlt_bool_false //; lra | rewrite Rlt_bool_true //; lra].
Qed.

End Fused.

(** ** The threshold *)

(** exactProductThreshold: 2^-917. *)
Definition threshold : double := @B754_finite prec emax false 4503599627370496 (-969) eq_refl.

(** As the kernel computes it: leastNormalMagnitude * (1 / ulpOfOne) * (2 / ulpOfOne). *)
Lemma threshold_computed :
  let least : double := @B754_finite prec emax false 4503599627370496 (-1074) eq_refl in
  let ulp : double := @B754_finite prec emax false 4503599627370496 (-104) eq_refl in
  let one : double := @B754_finite prec emax false 4503599627370496 (-52) eq_refl in
  let two : double := @B754_finite prec emax false 4503599627370496 (-51) eq_refl in
  B2SF (fmul (fmul least (fdiv one ulp)) (fdiv two ulp)) = B2SF threshold.
Proof. by vm_compute. Qed.

Lemma val_threshold : val threshold = bpow (-917).
Proof. by rewrite (bpow_plus radix2 52 (-969)). Qed.

Lemma threshold_le x : fin x -> fle threshold (fabs x) -> bpow (-917) <= Rabs (val x).
Proof. by move=> Fx; rewrite -val_threshold -val_abs; apply: fle_fin; rewrite ?fin_abs. Qed.

Lemma feq_zero x : fin x -> feq x zero -> val x = 0.
Proof. by move=> Fx; rewrite /feq Beqb_correct //=; case: Req_bool_spec. Qed.

Lemma feq_nonzero x : fin x -> feq x zero = false -> val x <> 0.
Proof. by move=> Fx; rewrite /feq Beqb_correct //=; case: Req_bool_spec. Qed.

(** A number that rounding takes to at least 2^-917 in magnitude is hardly smaller. *)
Lemma rnd_magnitude x : bpow (-917) <= Rabs (rnd x) -> bpow (-918) <= Rabs x.
Proof.
move=> h; apply: Rnot_lt_le => l; have [l1 l2] := Rabs_lt_inv _ _ l.
have F : format (bpow (-918)) by apply: generic_format_bpow.
suff : Rabs (rnd x) <= bpow (-918) by have := bpow_lt radix2 (-918) (-917) eq_refl; lra.
apply: Rabs_le; split; last by rewrite -(rnd_id _ F); apply: rnd_le; lra.
by rewrite -(rnd_id _ (format_opp _ F)); apply: rnd_le; lra.
Qed.

(** ** Products *)

Definition twoProduct (a b : double) : double * double :=
  let product := fmul a b in (product, ffma a b (fopp product)).

Definition multiplyingUp (a b : double) : double :=
  let: (product, error) := twoProduct a b in
  if is_finite product then
    if fle threshold (fabs product) then if fle error zero then product else fsucc product
    else if feq a zero || feq b zero then product else fsucc product
  else if is_nan product then product else inf.

Definition multiplyingDown (a b : double) : double := fopp (multiplyingUp (fopp a) b).

Lemma product_error_whole a b : fin (fmul a b) -> fle threshold (fabs (fmul a b)) ->
  whole (val a * val b + val (fopp (fmul a b))).
Proof.
move=> Fp /(threshold_le _ Fp); have [_ _ E] := fmul_fin _ _ Fp; rewrite val_opp => h.
apply: whole_sub; last exact: whole_format.
apply: whole_mul => //; rewrite E in h; have := rnd_magnitude _ h.
by have := bpow_le radix2 (-968) (-918) ltac:(discriminate); lra.
Qed.

Theorem multiplyingUp_above x a b :
  (fin a -> fin b -> x <= val a * val b) -> above x (multiplyingUp a b).
Proof.
rewrite /multiplyingUp /twoProduct /=; case: (boolP (is_finite (fmul a b))) => [Fp|_ _]; last first.
  by case: (fmul a b) => [?|[]||? ? ? ?].
have [Fa Fb E] := fmul_fin _ _ Fp => /(_ Fa Fb) xab; apply: (above_le _ _ _ xab).
case: (boolP (fle threshold _)) => [big|_].
  rewrite fused_le0 ?fin_opp //; first exact: product_error_whole.
  by rewrite val_opp; case: Rle_bool_spec => h; [apply/above_fin => //; lra | apply: above_succ_rnd].
case: ifP => [/orP[] /feq_zero z|_]; last exact: above_succ_rnd.
  by apply/above_fin => //; rewrite E z // Rmult_0_l rnd0; apply: Rle_refl.
by apply/above_fin => //; rewrite E z // Rmult_0_r rnd0; apply: Rle_refl.
Qed.

Theorem multiplyingDown_below x a b :
  (fin a -> fin b -> val a * val b <= x) -> below x (multiplyingDown a b).
Proof.
move=> h; rewrite /below /multiplyingDown /fopp Bopp_involutive.
by apply: multiplyingUp_above; rewrite fin_opp val_opp => Fa Fb; have := h Fa Fb; lra.
Qed.

(** ** Quotients *)

Definition dividingUp (a b : double) : double :=
  let quotient := fdiv a b in
  if [&& ~~ feq b zero, is_finite quotient & is_finite b] then
    if feq a zero then quotient
    else
      let remainder := ffma (fopp quotient) b a in
      let isAbove := if flt zero b then fle remainder zero else fle zero remainder in
      if isAbove && fle threshold (fabs a) then quotient else fsucc quotient
  else if [|| feq b zero, ~~ is_finite b | is_nan quotient] then nan else inf.

Definition dividingDown (a b : double) : double := fopp (dividingUp (fopp a) b).

(** The remainder of a quotient: whole, for a dividend of at least the threshold. *)
Lemma remainder_whole a b : val b <> 0 -> bpow (-917) <= Rabs (val a) ->
  whole (- rnd (val a / val b) * val b + val a).
Proof.
move=> b0 big; set q := rnd _; have b1 : 0 < Rabs (val b) by apply: Rabs_pos_lt.
have -> : - q * val b + val a = val a - q * val b by ring.
apply: whole_sub; first exact: whole_format.
case: (Req_dec q 0) => [->|q0]; first by rewrite Rmult_0_l; exists 0%Z; rewrite Rmult_0_l.
apply: whole_mul => //; first exact: format_rnd.
suff : Rabs (val a) / 2 <= Rabs (q * val b).
  have := bpow_plus radix2 1 (-918); change (bpow 1) with 2; rewrite [(1 + -918)%Z]/=.
  by have := bpow_le radix2 (-968) (-918) ltac:(discriminate); lra.
(* q is nearer to a/b than 2q and 0 are, so that a/b is below 3q/2 in magnitude. *)
have n : Rabs (q - val a / val b) <= Rabs (2 * q - val a / val b).
  apply: rnd_nearest; rewrite /q; have := format_rnd (val a / val b); rewrite -/q => Fq.
  by have := mult_bpow_pos_exact_FLT radix2 emin prec q 1 Fq ltac:(discriminate);
    change (bpow 1) with 2; rewrite Rmult_comm.
have n0 : Rabs (q - val a / val b) <= Rabs (0 - val a / val b) by apply/rnd_nearest/generic_format_0.
have E : val a = val a / val b * val b by field.
rewrite {1}E (Rabs_mult (val a / val b)) (Rabs_mult q); move: n; set z := _ / _ => n.
suff ? : Rabs z / 2 <= Rabs q by nra.
by move: n n0; rewrite -/z /Rabs; do 5! case: Rcase_abs => ?; lra.
Qed.

Lemma quotient_side a b (q := rnd (val a / val b)) : val b <> 0 ->
  (0 < val b -> - q * val b + val a <= 0 -> val a / val b <= q) /\
  (val b < 0 -> 0 <= - q * val b + val a -> val a / val b <= q).
Proof.
move=> b0; have E : val a = val a / val b * val b by field.
by split=> h; rewrite {1}E; set z := val a / val b => r; nra.
Qed.

Theorem dividingUp_above x a b :
  (fin a -> fin b -> val b <> 0 -> x <= val a / val b) -> above x (dividingUp a b).
Proof.
rewrite /dividingUp; case: ifP => [/and3P[/negbTE b0 Fq Fb]|_ _]; last by case: ifP.
have {}b0 := feq_nonzero _ Fb b0; have [Fa E] := fdiv_fin _ _ b0 Fq => /(_ Fa Fb b0) xab.
apply: (above_le _ _ _ xab); case: ifP => [/(feq_zero _ Fa) a0|_].
  by apply/above_fin => //; rewrite E a0 /Rdiv Rmult_0_l rnd0; apply: Rle_refl.
have [Fz Fn] := quotient_side a b b0.
case: ifP => [/andP[]|_]; last exact: above_succ_rnd.
move=> side /(threshold_le _ Fa) big; apply/above_fin => //; rewrite E.
have W : whole (val (fopp (fdiv a b)) * val b + val a) by rewrite val_opp E; apply: remainder_whole.
move: side; case: ifP => [/(flt_fin zero b isT Fb) bp|/negP bn].
  by rewrite fused_le0 ?fin_opp // val_opp E; case: Rle_bool_spec => // h _; apply: Fz.
have {}bn : val b < 0.
  apply: Rnot_le_lt => h; apply: bn; rewrite /flt Bltb_correct // Rlt_bool_true //=; lra.
by rewrite fused_ge0 ?fin_opp // val_opp E; case: Rle_bool_spec => // h _; apply: Fn.
Qed.

Theorem dividingDown_below x a b :
  (fin a -> fin b -> val b <> 0 -> val a / val b <= x) -> below x (dividingDown a b).
Proof.
move=> h; rewrite /below /dividingDown /fopp Bopp_involutive.
by apply: dividingUp_above; rewrite fin_opp val_opp => Fa Fb b0; have := h Fa Fb b0; rewrite /Rdiv; lra.
Qed.

(** ** Square roots *)

Definition squareRootUp (a : double) : double :=
  let root := fsqrt a in
  if is_finite root then
    let remainder := ffma (fopp root) root a in
    if (fle threshold (fabs a) && fle remainder zero) || feq a zero then root else fsucc root
  else root.

Definition squareRootDown (a : double) : double :=
  let root := fsqrt a in
  if is_finite root then
    let remainder := ffma (fopp root) root a in
    if (fle threshold (fabs a) && fle zero remainder) || feq a zero then root else fpred root
  else if is_nan root then root else Bmax_float.

Lemma root_remainder_whole a : 0 <= val a -> bpow (-917) <= Rabs (val a) ->
  whole (- rnd (sqrt (val a)) * rnd (sqrt (val a)) + val a).
Proof.
move=> a0; rewrite Rabs_pos_eq // => big; set r := rnd _.
have -> : - r * r + val a = val a - r * r by ring.
apply: whole_sub; first exact: whole_format.
apply: whole_mul; try exact: format_rnd.
have := rnd_sqrt_error _ (format_val a) a0; rewrite -/r => /Rabs_le_inv[_ h].
have u1 : u <= / 4 by rewrite /u; have := bpow_le radix2 (-53) (-2) ltac:(discriminate); rewrite [bpow (-2)]/=; lra.
have r0 : 0 <= r * r by apply: Rle_0_sqr.
rewrite Rabs_pos_eq //; have := bpow_plus radix2 1 (-918); change (bpow 1) with 2; rewrite [(1 + -918)%Z]/=.
have := bpow_le radix2 (-968) (-918) ltac:(discriminate); nra.
Qed.

Theorem squareRootUp_above x a : above x a -> above (sqrt x) (squareRootUp a).
Proof.
move=> xa; rewrite /squareRootUp; case: (boolP (is_finite (fsqrt a))) => [Fr|].
  have [Fa a0 E] := fsqrt_fin _ Fr; apply: (above_le _ (sqrt (val a))).
    by apply: sqrt_le_1_alt; apply: above_finite.
  case: ifP => [|_]; last exact: above_succ_rnd.
  case/orP=> [/andP[/(threshold_le _ Fa) big]|/(feq_zero _ Fa) z].
    have W : whole (val (fopp (fsqrt a)) * val (fsqrt a) + val a).
      by rewrite val_opp E; apply: root_remainder_whole.
    rewrite fused_le0 ?fin_opp // val_opp; case: Rle_bool_spec => // h _; apply/above_fin => //.
    have r0 : 0 <= val (fsqrt a) by rewrite E -rnd0; apply: rnd_le; apply: sqrt_pos.
    by rewrite -(sqrt_Rsqr _ r0); apply: sqrt_le_1_alt; rewrite /Rsqr; lra.
  by apply/above_fin => //; rewrite E z sqrt_0 rnd0; apply: Rle_refl.
by have [_ []] := Bsqrt_correct prec emax prec_gt0 prec_lt_emax mode_NE a; rewrite -/(fsqrt a);
  move: xa; case: a => [?|[]||[] ? ? ?] //= _ ->.
Qed.

Theorem squareRootDown_below x a : 0 <= x -> below x a -> below (sqrt x) (squareRootDown a).
Proof.
move=> x0 xa; rewrite /squareRootDown; case: (boolP (is_finite (fsqrt a))) => [Fr|].
  have [Fa a0 E] := fsqrt_fin _ Fr; apply: (below_le _ (sqrt (val a))).
    by apply: sqrt_le_1_alt; apply: below_finite.
  case: ifP => [|_]; last exact: below_pred_rnd.
  case/orP=> [/andP[/(threshold_le _ Fa) big]|/(feq_zero _ Fa) z].
    have W : whole (val (fopp (fsqrt a)) * val (fsqrt a) + val a).
      by rewrite val_opp E; apply: root_remainder_whole.
    rewrite fused_ge0 ?fin_opp // val_opp; case: Rle_bool_spec => // h _; apply/below_fin => //.
    have r0 : 0 <= val (fsqrt a) by rewrite E -rnd0; apply: rnd_le; apply: sqrt_pos.
    by rewrite -(sqrt_Rsqr _ r0); apply: sqrt_le_1_alt; rewrite /Rsqr; lra.
  by apply/below_fin => //; rewrite E z sqrt_0 rnd0; apply: Rle_refl.
have [_ []] := Bsqrt_correct prec emax prec_gt0 prec_lt_emax mode_NE a; rewrite -/(fsqrt a).
by move: xa; case: a => [?|[]||[] ? ? ?] //= _ ->.
Qed.

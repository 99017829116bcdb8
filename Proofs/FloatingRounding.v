(** Rounding.swift: bounds on the wanted side from arithmetic that rounds to nearest. Every function is written as the
    kernel computes it, operation by operation; the theorems hold for all doubles, subnormal and huge included.

    Sources: two-sum without overflow is Knuth's (TAOCP 2, 4.2.2), here Flocq's [TwoSum_correct]; that only its first
    operations can overflow is in Boldo, Graillat, Muller (ACM TOMS 44, 2017). *)
From Coq Require Import ZArith Reals Lra Lia ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN Sterbenz Pff2Flocq.
From Certify Require Import FloatingPoint.

Local Open Scope R_scope.

(** ** What a bound says *)

(** r is no number below x: finite and at least x, or +infinity, or NaN, which no test passes. *)
Definition above (x : R) (r : double) : Prop :=
  match r with B754_infinity true => False | _ => is_finite r -> x <= val r end.
Definition below (x : R) (r : double) : Prop := above (- x) (fopp r).

Lemma above_fin x r : fin r -> (above x r <-> x <= val r).
Proof. by case: r => [s|s||s m e h] // _; split=> [H|H _] //; apply: H. Qed.

Lemma below_fin x r : fin r -> (below x r <-> val r <= x).
Proof. by move=> Fr; rewrite /below above_fin ?fin_opp // val_opp; split; lra. Qed.

Lemma above_finite x r : above x r -> fin r -> x <= val r.
Proof. by move=> ? ?; apply/above_fin. Qed.

Lemma below_finite x r : below x r -> fin r -> val r <= x.
Proof. by move=> ? ?; apply/below_fin. Qed.

Lemma above_val r : fin r -> above (val r) r.
Proof. by move=> F; apply/above_fin => //; apply: Rle_refl. Qed.

Lemma below_val r : fin r -> below (val r) r.
Proof. by move=> F; apply/below_fin => //; apply: Rle_refl. Qed.

Lemma above_le x y r : x <= y -> above y r -> above x r.
Proof. by move=> xy; case: r => [s|[]||s m e h] //= H F; apply: Rle_trans xy (H F). Qed.

Lemma below_le x y r : y <= x -> below y r -> below x r.
Proof. by move=> xy; apply: above_le; lra. Qed.

(** A test r < c that passes says x < c: neither NaN nor an infinity passes. *)
Lemma above_flt x r c : above x r -> fin c -> flt r c -> x < val c.
Proof.
case: (boolP (is_finite r)) => [Fr /above_finite/(_ Fr) xr Fc /(flt_fin _ _ Fr Fc)|]; first by lra.
by case: r => [s|[]||s m e h] // _ _; case: c => [s|s||s m e h].
Qed.

Lemma below_flt x r c : below x r -> fin c -> flt c r -> val c < x.
Proof.
case: (boolP (is_finite r)) => [Fr /below_finite/(_ Fr) xr Fc /(flt_fin _ _ Fc Fr)|]; first by lra.
by case: r => [s|[]||s m e h] // _ _; case: c => [s|s||[] m e h].
Qed.

Lemma above_succ x r : fin r -> x <= succ radix2 fexp (val r) -> above x (fsucc r).
Proof.
move=> Fr xr; have := Bsucc_correct prec emax prec_gt0 prec_lt_emax r Fr; rewrite -/(fsucc r).
by case: Rlt_bool => [[E [F _]]|]; [apply/above_fin => //; rewrite E | case: (fsucc r) => // -[]].
Qed.

Lemma above_succ_rnd x r : fin r -> val r = rnd x -> above x (fsucc r).
Proof. by move=> Fr E; apply: above_succ => //; rewrite E; apply: succ_round_ge_id. Qed.

Lemma below_pred_rnd x r : fin r -> val r = rnd x -> below x (fpred r).
Proof.
move=> Fr E; rewrite /below /fpred /Bpred /fopp Bopp_involutive.
by apply: above_succ_rnd; rewrite ?fin_opp // val_opp E rnd_opp.
Qed.

(** ** The sum *)

Definition twoSum (a b : double) : double * double :=
  let sum := fadd a b in
  let bPart := fsub sum a in
  let aPart := fsub sum bPart in
  (sum, fadd (fsub a aPart) (fsub b bPart)).

Definition addingUp (a b : double) : double :=
  let: (sum, error) := twoSum a b in
  if is_finite sum then if fle error zero then sum else fsucc sum
  else if is_nan sum then sum else inf.

Definition addingDown (a b : double) : double := fopp (addingUp (fopp a) (fopp b)).
Definition subtractingUp (a b : double) : double := addingUp a (fopp b).
Definition subtractingDown (a b : double) : double := addingDown a (fopp b).

(** The largest double, and half the last place there. *)
Definition huge : R := bpow 1024 - bpow 971.
Definition slack : R := bpow 970.

Lemma huge_slack : huge = (2 ^ 54 - 2) * slack.
Proof.
rewrite /huge /slack (bpow_plus radix2 54 970) (bpow_plus radix2 1 970).
by change (bpow 1) with 2; change (bpow 54) with 18014398509481984; lra.
Qed.

Lemma bpow971 : bpow 971 = 2 * slack.
Proof. exact: (bpow_plus radix2 1 970). Qed.
Lemma bpow1023 : bpow 1023 = 2 ^ 53 * slack.
Proof. by rewrite (bpow_plus radix2 53 970); change (bpow 53) with 9007199254740992; rewrite /slack; lra. Qed.
Lemma bpow1024 : bpow 1024 = 2 ^ 54 * slack.
Proof. by rewrite (bpow_plus radix2 54 970); change (bpow 54) with 18014398509481984; rewrite /slack; lra. Qed.

Lemma slack_pos : 0 < slack. Proof. exact: bpow_gt_0. Qed.

Lemma format_int n e : (Z.abs n < 2 ^ 53)%Z -> (emin <= e)%Z -> format (IZR n * bpow e).
Proof. by move=> n53 e0; apply: generic_format_FLT; exists (Float radix2 n e). Qed.

Lemma format_huge : format huge.
Proof.
have -> : huge = IZR (2 ^ 53 - 1) * bpow 971.
  by rewrite huge_slack bpow971 /=; lra.
exact: format_int.
Qed.

Lemma format_half_huge : format (huge / 2).
Proof.
have -> : huge / 2 = IZR (2 ^ 53 - 1) * bpow 970 by rewrite huge_slack -/slack /=; lra.
exact: format_int.
Qed.

Lemma val_huge (x : double) : Rabs (val x) <= huge.
Proof. exact: (abs_B2R_le_emax_minus_prec prec emax prec_gt0). Qed.

Lemma format_huge_ge x : format x -> Rabs x < bpow emax -> Rabs x <= huge.
Proof.
move=> Fx x1; have F1 : format (bpow emax) by apply: generic_format_bpow.
have := pred_ge_gt radix2 fexp _ _ (generic_format_abs _ _ _ Fx) F1 x1.
by rewrite pred_bpow; apply.
Qed.

Lemma ulp_top x : bpow 1023 <= x < bpow 1024 -> ulp radix2 fexp x = 2 * slack.
Proof.
move=> h; have x0 : x <> 0 by have := bpow_gt_0 radix2 1023; lra.
by rewrite (ulp_neq_0 _ _ _ x0) /cexp (mag_unique_pos radix2 _ 1024) // bpow971.
Qed.

(** Below the largest number is only the one before it. *)
Lemma lt_huge x : format x -> Rabs x < huge -> Rabs x <= huge - 2 * slack.
Proof.
move=> Fx x1; have s0 := slack_pos; apply: Rnot_lt_le => x2.
have E : huge - 2 * slack = IZR (2 ^ 53 - 2) * bpow 971 by rewrite huge_slack bpow971 /=; lra.
have F2 : format (huge - 2 * slack) by rewrite E; apply: format_int.
have : succ radix2 fexp (huge - 2 * slack) <= Rabs x by apply: succ_le_lt => //; apply: generic_format_abs.
have -> : succ radix2 fexp (huge - 2 * slack) = huge; last lra.
have P : 0 <= huge - 2 * slack by rewrite huge_slack; lra.
have T : bpow 1023 <= huge - 2 * slack < bpow 1024 by rewrite huge_slack bpow1023 bpow1024; lra.
by rewrite (succ_eq_pos _ _ _ P) (ulp_top _ T); lra.
Qed.

(** The rounding error of a number that does not overflow. *)
Lemma rnd_slack x : Rabs (rnd x) <= huge -> Rabs (rnd x - x) <= slack.
Proof.
move=> rx; apply: Rle_trans (error_le_half_ulp_round radix2 fexp _ x) _; have s0 := slack_pos.
have T : bpow 1023 <= huge < bpow 1024 by rewrite huge_slack bpow1023 bpow1024; lra.
have -> : slack = / 2 * ulp radix2 fexp huge by rewrite (ulp_top _ T); lra.
apply: Rmult_le_compat_l; first lra.
by apply: ulp_le; rewrite [Rabs huge]Rabs_pos_eq // huge_slack; lra.
Qed.

Lemma rnd_huge x : Rabs x <= huge -> Rabs (rnd x) <= huge.
Proof.
move=> /Rabs_le_inv[a b]; apply: Rabs_le; split.
  by rewrite -(rnd_id _ (format_opp _ format_huge)); apply: rnd_le.
by rewrite -(rnd_id huge format_huge); apply: rnd_le.
Qed.

Lemma rnd_lt_emax x : Rabs x <= huge -> Rabs (rnd x) < bpow emax.
Proof.
move=> h; apply: Rle_lt_trans (rnd_huge _ h) _.
by rewrite /huge /emax; have := bpow_gt_0 radix2 971; lra.
Qed.

(** In a two-sum only the sum and bPart can overflow. *)
Lemma twoSum_range a b : format a -> format b -> Rabs a <= huge -> Rabs b <= huge ->
  Rabs (rnd (a + b)) <= huge -> Rabs (rnd (rnd (a + b) - a)) <= huge ->
  Rabs (rnd (a + b) - rnd (rnd (a + b) - a)) <= huge.
Proof.
move=> Fa Fb Ha Hb; set s := rnd (a + b) => Hs Hb'; have s0 := slack_pos.
case: (Rlt_or_le (Rabs a) huge) => [/(lt_huge _ Fa) a1|a1].
  have := rnd_slack _ Hb'; move: (Rabs_le_inv _ _ a1); set t := rnd _ => a2 /Rabs_le_inv t1.
  by apply: Rabs_le; lra.
have exact : format (s - a) -> Rabs (s - rnd (s - a)) <= huge.
  by move=> F; rewrite (rnd_id _ F); replace (s - (s - a)) with a by ring.
have exact' : format (a + b) -> Rabs (s - rnd (s - a)) <= huge.
  by move=> F; apply: exact; rewrite /s (rnd_id _ F); replace (a + b - a) with b by ring.
have h0 : 0 < huge by rewrite huge_slack; lra.
have [b1 b2] := Rabs_le_inv _ _ Hb; have [s1 s2] := Rabs_le_inv _ _ Hs.
case: (Rle_or_lt 0 a) => a0.
  have {Ha a1} Ea : a = huge by rewrite Rabs_pos_eq // in Ha a1; lra.
  case: (Rle_or_lt b (- (huge / 2))) => b3.
    by apply: exact'; replace (a + b) with (a - - b) by ring; apply: sterbenz; [|apply: format_opp|lra].
  apply: exact; apply: sterbenz => //; first exact: format_rnd.
  suff ? : huge / 2 <= s by lra.
  by rewrite -(rnd_id _ format_half_huge); apply: rnd_le; lra.
have {Ha a1} Ea : a = - huge by rewrite Rabs_left // in Ha a1; lra.
case: (Rle_or_lt (huge / 2) b) => b3.
  apply: exact'; replace (a + b) with (b - - a) by ring; apply: sterbenz => //; [exact: format_opp|lra].
apply: exact; replace (s - a) with (- a - - s) by ring; apply: sterbenz; try exact: format_opp.
  by apply: format_opp; apply: format_rnd.
suff ? : s <= - (huge / 2) by lra.
have F := format_opp _ format_half_huge.
by rewrite -(rnd_id _ F); apply: rnd_le; lra.
Qed.

Lemma fsub_ok x y : fin x -> fin y -> Rabs (val x - val y) <= huge -> fin (fsub x y).
Proof.
move=> Fx Fy xy; have := Bminus_correct prec emax prec_gt0 prec_lt_emax mode_NE x y Fx Fy.
by rewrite Rlt_bool_true; [apply: rnd_lt_emax | case=> _ []].
Qed.

Lemma fadd_ok x y : fin x -> fin y -> Rabs (val x + val y) <= huge -> fin (fadd x y).
Proof.
move=> Fx Fy xy; have := Bplus_correct prec emax prec_gt0 prec_lt_emax mode_NE x y Fx Fy.
by rewrite Rlt_bool_true; [apply: rnd_lt_emax | case=> _ []].
Qed.

(** A finite sum whose error came out as at most 0 is not below the exact one. *)
Lemma twoSum_sign a b : fin (twoSum a b).1 -> fle (twoSum a b).2 zero -> val a + val b <= val (twoSum a b).1.
Proof.
rewrite /twoSum /=; set s := fadd a b => Fs; have [Fa Fb Es] := fadd_fin _ _ Fs.
case: (boolP (is_finite (fsub s a))) => [Fb'|]; last first.
  move: (fsub s a) => t; case: t => [?|sg||? ? ? ?] // _.
    by case: sg a b s Fa Fb Fs {Es} => -[?|?||? ? ? ?] [?|?||? ? ? ?] [?|?||? ? ? ?].
  by case: a b s Fa Fb Fs {Es} => [?|?||? ? ? ?] [?|?||? ? ? ?] [?|?||? ? ? ?].
have [_ _ Eb'] := fsub_fin _ _ Fb'.
have r2 := val_huge (fsub s a); rewrite Eb' Es in r2.
have r1 := val_huge s; rewrite Es in r1.
have r3 := twoSum_range _ _ (format_val a) (format_val b) (val_huge a) (val_huge b) r1 r2.
have Fa' : fin (fsub s (fsub s a)) by apply: fsub_ok => //; rewrite Eb' Es.
have [_ _ Ea'] := fsub_fin _ _ Fa'; have r4 := val_huge (fsub s (fsub s a)).
rewrite Eb' Es in Ea'; rewrite Ea' in r4.
have /Rabs_le_inv e1 := rnd_slack _ r1; have /Rabs_le_inv e2 := rnd_slack _ r2.
have /Rabs_le_inv e4 := rnd_slack _ r4.
have s0 := slack_pos; have h0 := huge_slack.
have n2 : format (2 * slack).
  exact: (format_int 2 970).
have two x : Rabs x <= 2 * slack -> Rabs (rnd x) <= 2 * slack.
  move=> /Rabs_le_inv[? ?]; apply: Rabs_le; split; last by rewrite -(rnd_id _ n2); apply: rnd_le.
  by rewrite -(rnd_id _ (format_opp _ n2)); apply: rnd_le; lra.
have da : Rabs (val a - val (fsub s (fsub s a))) <= 2 * slack by rewrite Ea'; apply: Rabs_le; lra.
have db : Rabs (val b - val (fsub s a)) <= 2 * slack by rewrite Eb'; rewrite Es; apply: Rabs_le; lra.
have FA : fin (fsub a (fsub s (fsub s a))) by apply: fsub_ok => //; lra.
have FB : fin (fsub b (fsub s a)) by apply: fsub_ok => //; lra.
have [_ _ EA] := fsub_fin _ _ FA; have [_ _ EB] := fsub_fin _ _ FB.
have /Rabs_le_inv {da} dA := two _ da; have /Rabs_le_inv {db} dB := two _ db.
have FE : fin (fadd (fsub a (fsub s (fsub s a))) (fsub b (fsub s a))).
  by apply: fadd_ok => //; rewrite EA EB; apply: Rabs_le; lra.
move=> /(fle_fin _ zero FE isT); have [_ _ ->] := fadd_fin _ _ FE.
rewrite EA EB Ea' Eb' Es.
have sym x : negb (Z.even x) = negb (negb (Z.even (- (x + 1)))) by rewrite Z.even_opp Z.even_add; case: Z.even.
by have := TwoSum_correct emin prec _ eq_refl ltac:(discriminate) sym _ _ (format_val a) (format_val b); rewrite /=;
  lra.
Qed.

Theorem addingUp_above x y a b : above x a -> above y b -> above (x + y) (addingUp a b).
Proof.
move=> xa yb; rewrite /addingUp; have sg := @twoSum_sign a b; move: sg; rewrite /twoSum /=.
set e := fadd (fsub a _) _; case: (boolP (is_finite (fadd a b))) => [Fs sg|_ _]; last first.
  by case: (fadd a b) => [?|[]||? ? ? ?].
have [Fa Fb Es] := fadd_fin _ _ Fs.
move: (above_finite _ _ xa Fa) (above_finite _ _ yb Fb) => {}xa {}yb.
apply: (above_le _ (val a + val b)); first lra.
by case: (fle e zero) sg => [sg|_]; [apply/above_fin => //; apply: sg | apply: above_succ_rnd].
Qed.

Theorem addingDown_below x y a b : below x a -> below y b -> below (x + y) (addingDown a b).
Proof.
move=> xa yb; rewrite /below /addingDown /fopp Bopp_involutive.
by replace (- (x + y)) with (- x + - y) by ring; apply: addingUp_above.
Qed.

Theorem subtractingUp_above x y a b : above x a -> below y b -> above (x - y) (subtractingUp a b).
Proof. exact: addingUp_above. Qed.

Theorem subtractingDown_below x y a b : below x a -> above y b -> below (x - y) (subtractingDown a b).
Proof.
move=> xa yb; apply: addingDown_below => //.
by rewrite /below /fopp Bopp_involutive Ropp_involutive.
Qed.

(** The processor's double: IEEE 754 binary64, to nearest, ties to even, with subnormals, infinities and NaN, as Flocq's
    [BinarySingleNaN] describes it (Boldo, Melquiond: Computer Arithmetic and Formal Proofs, 2017, chapter 3).

    An operation whose result is finite had finite operands and gave the rounding of the exact result; that is all
    that later files use of the representation. *)
From Coq Require Import ZArith Reals Lra Lia ssreflect ssrbool.
From Flocq Require Import Core BinarySingleNaN Relative Plus_error Div_sqrt_error.

Local Open Scope R_scope.

Definition prec := 53%Z.
Definition emax := 1024%Z.
Definition emin := (-1074)%Z.
#[export] Instance prec_gt0 : Prec_gt_0 prec. Proof. by []. Qed.
#[export] Instance prec_lt_emax : Prec_lt_emax prec emax. Proof. by []. Qed.

Definition double := binary_float prec emax.

Notation fexp := (FLT_exp emin prec).
Notation format := (generic_format radix2 fexp).
Notation rnd := (round radix2 fexp ZnearestE).
Notation bpow := (bpow radix2).

(** The value of a finite double; 0 for the others. *)
Notation val := (@B2R prec emax).
Notation fin := (@is_finite prec emax).

Definition fadd : double -> double -> double := Bplus mode_NE.
Definition fsub : double -> double -> double := Bminus mode_NE.
Definition fmul : double -> double -> double := Bmult mode_NE.
Definition fdiv : double -> double -> double := Bdiv mode_NE.
Definition fsqrt : double -> double := Bsqrt mode_NE.
(** x y + z rounded once: Swift's z.addingProduct(x, y). *)
Definition ffma : double -> double -> double -> double := Bfma mode_NE.
Definition fopp : double -> double := @Bopp prec emax.
Definition fabs : double -> double := @Babs prec emax.
(** Swift's nextUp and nextDown. *)
Definition fsucc : double -> double := Bsucc.
Definition fpred : double -> double := Bpred.
Definition fle : double -> double -> bool := @Bleb prec emax.
Definition flt : double -> double -> bool := @Bltb prec emax.
Definition feq : double -> double -> bool := @Beqb prec emax.

Notation inf := (B754_infinity false : double).
Notation nan := (B754_nan : double).
Notation zero := (B754_zero false : double).

(** The unit roundoff 2^-53 and the smallest subnormal 2^-1074. *)
Definition u : R := bpow (-53).
Definition eta : R := bpow emin.

Lemma u_pos : 0 < u. Proof. exact: bpow_gt_0. Qed.
Lemma eta_pos : 0 < eta. Proof. exact: bpow_gt_0. Qed.

Lemma format_val (x : double) : format (val x).
Proof. exact: generic_format_B2R. Qed.
#[export] Hint Resolve format_val : core.

Lemma val_opp x : val (fopp x) = - val x. Proof. exact: B2R_Bopp. Qed.
Lemma fin_opp x : fin (fopp x) = fin x. Proof. exact: is_finite_Bopp. Qed.
Lemma val_abs x : val (fabs x) = Rabs (val x). Proof. exact: B2R_Babs. Qed.
Lemma fin_abs x : fin (fabs x) = fin x. Proof. exact: is_finite_Babs. Qed.

Lemma val_bound x : Rabs (val x) < bpow emax. Proof. exact: abs_B2R_lt_emax. Qed.

(** ** Rounding to nearest *)

Lemma rnd_le x y : x <= y -> rnd x <= rnd y. Proof. exact: round_le. Qed.
Lemma rnd_id x : format x -> rnd x = x. Proof. exact: round_generic. Qed.
Lemma rnd0 : rnd 0 = 0. Proof. exact: round_0. Qed.
Lemma format_rnd x : format (rnd x). Proof. exact: generic_format_round. Qed.
#[export] Hint Resolve format_rnd : core.
Lemma rnd_opp x : rnd (- x) = - rnd x. Proof. exact: round_NE_opp. Qed.
Lemma format_opp x : format x -> format (- x). Proof. exact: generic_format_opp. Qed.

(** No number of the format is nearer. *)
Lemma rnd_nearest x y : format y -> Rabs (rnd x - x) <= Rabs (y - x).
Proof. by move=> Fy; case: (round_N_pt radix2 fexp (fun n => negb (Z.even n)) x) => _; apply. Qed.

(** Relative to the number or to the result, and absolute below the normal numbers. *)
Lemma rnd_error_cases x :
  (Rabs (rnd x - x) <= u * Rabs x /\ Rabs (rnd x - x) <= u * Rabs (rnd x)) \/ Rabs (rnd x - x) <= eta / 2.
Proof.
have [e [d [He [Hd [ed ->]]]]] := relative_error_N_FLT'_ex radix2 emin prec prec_gt0 (fun n => negb (Z.even n)) x.
have u0 := u_pos; have -> : u = u_ro radix2 prec by rewrite /u_ro /u /= /Z.pow_pos /=; lra.
have [e0|d0] := Rmult_integral _ _ ed.
  by right; rewrite e0; replace (_ - x) with d by ring; move: Hd; rewrite /eta; lra.
left; rewrite d0 Rplus_0_r; split.
  replace (x * (1 + e) - x) with (e * x) by ring; rewrite Rabs_mult.
  by apply: Rmult_le_compat_r; [apply: Rabs_pos | exact: Rle_trans He (u_rod1pu_ro_le_u_ro _ _)].
have [|e' [He' Hx]] := @relative_error_N_round_ex_derive radix2 prec prec_gt0 x (x * (1 + e)); first by exists e.
rewrite {2}Hx; replace (_ - _) with (- (e' * (x * (1 + e)))) by ring.
by rewrite Rabs_Ropp Rabs_mult; apply: Rmult_le_compat_r => //; apply: Rabs_pos.
Qed.

Lemma rnd_error x : Rabs (rnd x - x) <= u * Rabs x + eta / 2.
Proof.
have e0 := eta_pos; have := Rmult_le_pos _ _ (Rlt_le _ _ u_pos) (Rabs_pos x).
by case: (rnd_error_cases x) => [[]|]; lra.
Qed.

Lemma rnd_error_round x : Rabs (rnd x - x) <= u * Rabs (rnd x) + eta / 2.
Proof.
have e0 := eta_pos; have := Rmult_le_pos _ _ (Rlt_le _ _ u_pos) (Rabs_pos (rnd x)).
by case: (rnd_error_cases x) => [[]|]; lra.
Qed.

(** Sums do not underflow. *)
Lemma rnd_add_error x y : format x -> format y -> Rabs (rnd (x + y) - (x + y)) <= u * Rabs (x + y).
Proof.
move=> Fx Fy; have [e [He ->]] := FLT_plus_error_N_ex radix2 emin prec (fun n => negb (Z.even n)) x y Fx Fy.
have -> : u = u_ro radix2 prec by rewrite /u_ro /u /= /Z.pow_pos /=; lra.
replace (_ - _) with (e * (x + y)) by ring; rewrite Rabs_mult.
by apply: Rmult_le_compat_r; [apply: Rabs_pos | exact: Rle_trans He (u_rod1pu_ro_le_u_ro _ _)].
Qed.

Lemma rnd_add_error_round x y :
  format x -> format y -> Rabs (rnd (x + y) - (x + y)) <= u * Rabs (rnd (x + y)).
Proof.
move=> Fx Fy; have [e [He E]] := FLT_plus_error_N_round_ex radix2 emin prec (fun n => negb (Z.even n)) x y Fx Fy.
have -> : u = u_ro radix2 prec by rewrite /u_ro /u /= /Z.pow_pos /=; lra.
rewrite {2}E; replace (_ - _) with (- (e * rnd (x + y))) by ring; rewrite Rabs_Ropp Rabs_mult.
by apply: Rmult_le_compat_r => //; apply: Rabs_pos.
Qed.

(** Nor do square roots: x is r^2 up to the factor 1 + 2 u. *)
Lemma rnd_sqrt_error x :
  format x -> 0 <= x -> Rabs (x - rnd (sqrt x) * rnd (sqrt x)) <= 2 * u * (rnd (sqrt x) * rnd (sqrt x)).
Proof.
move=> Fx x0.
have [e [He E]] := sqrt_error_N_FLT_round_ex radix2 prec (fun n => negb (Z.even n)) eq_refl emin ltac:(done) x Fx.
set r := rnd _ in E |- *; rewrite -{1}(sqrt_sqrt x x0) E.
have u0 := u_pos; have Eu : u_ro radix2 prec = u by rewrite /u_ro /u /= /Z.pow_pos /=; lra.
have r0 : 0 <= r * r by apply: Rle_0_sqr.
rewrite Eu in He; have s1 : sqrt (1 + 2 * u) <= 1 + u.
  have E1 : sqrt (Rsqr (1 + u)) = 1 + u by apply: sqrt_Rsqr; lra.
  by rewrite -E1; apply: sqrt_le_1_alt; rewrite /Rsqr; nra.
have s2 : sqrt (1 + 2 * u) * sqrt (1 + 2 * u) = 1 + 2 * u by apply: sqrt_sqrt; lra.
have {He} [He1 He2] := Rabs_le_inv _ _ He.
replace (_ - _) with ((2 * e + e * e) * (r * r)) by ring.
rewrite Rabs_mult (Rabs_pos_eq (r * r)) //; apply: Rmult_le_compat_r => //.
by apply: Rabs_le; split; nra.
Qed.

(** ** Finite results *)

Lemma overflow_not_fin (r : double) s : B2SF r = binary_overflow prec emax mode_NE s -> fin r = false.
Proof. by case: r. Qed.

Lemma fadd_fin x y : fin (fadd x y) -> [/\ fin x, fin y & val (fadd x y) = rnd (val x + val y)].
Proof.
have ok : fin x -> fin y -> fin (fadd x y) -> [/\ fin x, fin y & val (fadd x y) = rnd (val x + val y)].
  move=> Fx Fy; have := Bplus_correct prec emax prec_gt0 prec_lt_emax mode_NE x y Fx Fy; rewrite -/(fadd x y).
  by case: Rlt_bool => [[-> _]|[] /overflow_not_fin ->].
by move: ok; case: x y => [sx|sx||sx mx ex hx] [sy|sy||sy my ey hy] // ok; try exact: ok; case: sx sy {ok} => [] [].
Qed.

Lemma fmul_fin x y : fin (fmul x y) -> [/\ fin x, fin y & val (fmul x y) = rnd (val x * val y)].
Proof.
have := Bmult_correct prec emax prec_gt0 prec_lt_emax mode_NE x y; rewrite -/(fmul x y).
by case: Rlt_bool => [[-> [-> _]] /andP[]|/overflow_not_fin ->].
Qed.

Lemma fdiv_fin x y : val y <> 0 -> fin (fdiv x y) -> fin x /\ val (fdiv x y) = rnd (val x / val y).
Proof.
move=> y0; have := Bdiv_correct prec emax prec_gt0 prec_lt_emax mode_NE x y y0; rewrite -/(fdiv x y).
by case: Rlt_bool => [[-> [-> _]]|/overflow_not_fin ->].
Qed.

Lemma fsqrt_fin x : fin (fsqrt x) -> [/\ fin x, 0 <= val x & val (fsqrt x) = rnd (sqrt (val x))].
Proof.
have := Bsqrt_correct prec emax prec_gt0 prec_lt_emax mode_NE x; rewrite -/(fsqrt x) => -[-> [-> _]].
case: x => [s|s||[] m e h] // _; split=> //; first by apply: Rle_refl.
by apply: F2R_ge_0.
Qed.

Lemma fsqrt_fin_ge0 x : fin x -> 0 <= val x -> fin (fsqrt x).
Proof.
move=> Fx x0; have [_ [-> _]] := Bsqrt_correct prec emax prec_gt0 prec_lt_emax mode_NE x.
case: x Fx x0 => [s|s||[] m e h] // _; rewrite /B2R /= => x0.
by have := F2R_lt_0 radix2 (Float radix2 (Z.neg m) e) ltac:(done); lra.
Qed.

Lemma fsub_fin x y : fin (fsub x y) -> [/\ fin x, fin y & val (fsub x y) = rnd (val x - val y)].
Proof.
have -> : fsub x y = fadd x (fopp y) by case: x y => [?|?||? ? ? ?] [?|?||? ? ? ?].
by move=> /fadd_fin[Fx]; rewrite fin_opp val_opp.
Qed.

Lemma fsucc_fin x : fin x -> fin (fsucc x) -> val (fsucc x) = succ radix2 fexp (val x).
Proof.
move=> Fx; have := Bsucc_correct prec emax prec_gt0 prec_lt_emax x Fx; rewrite -/(fsucc x).
by case: Rlt_bool => [[-> _]|] //; case: (fsucc x).
Qed.

Lemma fle_fin x y : fin x -> fin y -> fle x y -> val x <= val y.
Proof. by move=> Fx Fy; rewrite /fle Bleb_correct //; case: Rle_bool_spec. Qed.

Lemma flt_fin x y : fin x -> fin y -> flt x y -> val x < val y.
Proof. by move=> Fx Fy; rewrite /flt Bltb_correct //; case: Rlt_bool_spec. Qed.

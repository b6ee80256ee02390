/**
 * The rules of SigmaHQ that are refused without a file of placeholders, by the name of their file: all of them, and the
 * placeholder whose values only a house knows. (`userdomain` is a variable of Windows that its rule has taken for one of
 * Sigma's: `contains|expand: '%userdomain%'`. As written it asks for values, so it too is refused.)
 */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ["win_security_adcs_certighost_cdc_chase_request", "known_cdcs"],
  ["win_security_adcs_certighost_cert_issued_via_chase", "known_cdcs"],
  ["aws_cloudtrail_console_login_success_from_susp_locations", "Legitimate_Countries"],
  ["azure_ad_account_created_deleted_nonapproved_user", "ApprovedUserUpn"],
  ["azure_ad_guest_users_invited_to_tenant_by_non_approved_inviters", "Approved_Inviters"],
  ["azure_ad_auth_to_important_apps_using_single_factor_auth", "Important_AppIds"],
  ["azure_ad_authentications_from_countries_you_do_not_operate_out_of", "Known_Location"],
  ["azure_ad_failed_auth_from_countries_you_do_not_operate_out_of", "KNOWN_LOCATION"],
  ["azure_privileged_account_sigin_expected_controls", "UnLegitCountries"],
  ["azure_users_authenticating_to_other_azure_ad_tenants", "HomeTenantID"],
  ["okta_session_impersonation_granted", "legtimate_identifiers"],
  ["win_security_admin_logon", "Admins_Workstations"],
  ["win_security_dc_machine_account_logon_non_dc_ip", "dc_machine_accounts"],
  ["win_security_dc_machine_account_tgs_non_dc_ip", "dc_machine_accounts"],
  ["win_security_dc_machine_accoutn_tgt_non_dc_ip", "dc_machine_accounts"],
  ["win_security_exploit_cve_2020_1472", "DC-MACHINE-NAME"],
  ["win_security_modification_of_msds_dmsa_link_attribute", "Administrators"],
  ["win_security_msds_dmsa_object_creation", "Administrators"],
  ["win_security_potential_pass_the_hash", "Workstations"],
  ["win_security_remote_registry_management_via_reg", "Admins_Workstations"],
  ["win_security_susp_interactive_logons", "ServerSystems"],
  ["dns_query_win_wscript_cscript_resolution", "internal_domains"],
  ["net_connection_win_certsvc_outbound_smb_ldap", "legit_ips"],
  ["net_connection_win_susp_rdp_from_domain_controller", "domain_controller_hostnames"],
  ["proc_creation_win_userdomain_variable_enumeration", "userdomain"],
]);
